import { parseAsn, parseHopHost } from './hopHost.ts';
import { roundTripMs } from './replyTimes.ts';
import { type HopAnswer, type HopRow, maxHosts, maxTtl } from './runDocument.ts';

/** The value of an mtr column, by the title that `-o` and every format share (`Loss%`, `Snt`, …); undefined if absent. */
export type Columns = (title: ColumnTitle) => unknown;

export const columnTitles = [
  'Loss%',
  'Snt',
  'Rcv',
  'Drop',
  'Last',
  'Avg',
  'Best',
  'Wrst',
  'StDev',
  'Gmean',
  'Jttr',
  'Javg',
  'Jmax',
  'Jint',
] as const;
export type ColumnTitle = (typeof columnTitles)[number];

/** A number, or the text of one with point or comma and perhaps a `%`; NaN for everything else. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return Number.NaN;
  const text = value.trim().replace(/%$/, '').replace(',', '.');
  return /^-?\d+(\.\d*)?$/.test(text) ? Number(text) : Number.NaN;
}

/**
 * A hop as mtr counts it: `host` and `asn` as written, `tests` the probes each hop was meant to get, for outputs without
 * a count of their own. A silent hop has times of 0.0, which are none.
 */
export function createHopRow(
  ttl: number,
  host: string,
  asn: unknown,
  columns: Columns,
  tests: number | null,
): HopRow {
  const { error, ...identity } = parseHopHost(host);
  const sent = countOf(columns('Snt')) ?? tests;
  const received = receivedOf(columns, sent);
  const isSilent = identity.address === null && identity.name === null;
  const answer = { ...identity, asn: parseAsn(asn), received, ...timesOf(columns, received) };
  return { ttl, sent, answers: isSilent ? [] : [answer], mtu: null, error };
}

/** mtr works out the loss itself from what it sent and received, so rounding brings the count back. */
function receivedOf(columns: Columns, sent: number | null): number | null {
  const received = countOf(columns('Rcv'));
  if (received !== null || sent === null) return received;
  const lossPct = numberOf(columns('Loss%'));
  if (lossPct >= 0 && lossPct <= 100) return Math.round(sent * (1 - lossPct / 100));
  const lost = countOf(columns('Drop'));
  return lost === null || lost > sent ? null : sent - lost;
}

type HopAnswerTimes = Pick<HopAnswer, 'bestMs' | 'avgMs' | 'worstMs' | 'stdevMs' | 'jitterMs'>;

const noTimes: HopAnswerTimes = {
  bestMs: null,
  avgMs: null,
  worstMs: null,
  stdevMs: null,
  jitterMs: null,
};

function timesOf(columns: Columns, received: number | null): HopAnswerTimes {
  if (received === 0) return noTimes;
  const ms = (title: ColumnTitle) => roundTripMs(numberOf(columns(title)));
  const avgMs = ms('Avg');
  const known = [ms('Best'), ms('Last'), avgMs].filter((time) => time !== null);
  return {
    bestMs: known.length === 0 ? null : Math.min(...known),
    avgMs,
    worstMs: ms('Wrst'),
    stdevMs: received === 1 ? null : ms('StDev'),
    jitterMs: jitterOf(numberOf(columns('Javg')), received),
  };
}

/** mtr counts the first reply, which has none before it, as a difference of 0. */
function jitterOf(javgMs: number, received: number | null): number | null {
  if (received === null || received < 2) return null;
  return roundTripMs((javgMs * received) / (received - 1));
}

function countOf(value: unknown): number | null {
  const number = numberOf(value);
  return Number.isInteger(number) && number >= 0 && number <= 1_000_000_000 ? number : null;
}

/** The ttl of a row; null for what can be none. */
export function ttlOf(value: unknown): number | null {
  const ttl = numberOf(value);
  return Number.isInteger(ttl) && ttl >= 1 && ttl <= maxTtl ? ttl : null;
}

/** Rows in the order of the output as hops in ttl order; of several hosts at one ttl each stays. */
export function mergeRows(rows: readonly HopRow[]): HopRow[] {
  const byTtl = new Map<number, HopRow>();
  for (const row of rows) {
    const first = byTtl.get(row.ttl);
    byTtl.set(row.ttl, first === undefined ? row : addHosts(first, row.answers));
  }
  return [...byTtl.values()].sort((a, b) => a.ttl - b.ttl);
}

/**
 * A hop with further hosts that mtr met there. mtr counts the replies of a hop together and shows the figures with the host
 * that answered last: there they stay, and the others have none.
 */
export function addHosts(row: HopRow, added: readonly HopAnswer[]): HopRow {
  const answers = [...row.answers];
  for (const { address, name, asn } of added) {
    const isKnown = answers.some((one) =>
      address === null ? one.name === name : one.address === address,
    );
    if (!isKnown && answers.length < maxHosts)
      answers.push({ address, name, asn, received: 0, ...noTimes });
  }
  return { ...row, answers };
}
