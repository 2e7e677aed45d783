import { maxTtl, roundTripMs } from '../probeValues.ts';
import { parseAsn, parseHopHost } from './hopHost.ts';
import { type HopAnswer, type HopRow, maxHosts } from './runDocument.ts';

/**
 * The value of an mtr column by its title (`Loss%`, `Snt`, …), which all formats share; undefined
 * if absent.
 */
export type MtrColumns = (title: ColumnTitle) => unknown;

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

/** A number, or its text with point or comma and perhaps a `%`; NaN for anything else. */
export function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return Number.NaN;
  const text = value.trim().replace(/%$/, '').replace(',', '.');
  return /^-?\d+(\.\d*)?$/.test(text) ? Number(text) : Number.NaN;
}

/**
 * The hop of a row. `host` and `asn` are as written. `tests` is the planned number of probes, for
 * outputs without a count per hop. mtr reports times of 0.0 for a silent hop.
 */
export function createHopRow(
  ttl: number,
  host: string,
  asn: unknown,
  columns: MtrColumns,
  tests: number | null,
): HopRow {
  const { error, ...identity } = parseHopHost(host);
  const sent = countOf(columns('Snt')) ?? tests;
  const received = receivedOf(columns, sent);
  const isSilent = identity.address === null && identity.name === null;
  const answer = { ...identity, asn: parseAsn(asn), received, ...timesOf(columns, received) };
  return { ttl, sent, answers: isSilent ? [] : [answer], mtu: null, error };
}

/** mtr computes the loss from its counts of probes and replies, so rounding restores the count. */
function receivedOf(columns: MtrColumns, sent: number | null): number | null {
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

function timesOf(columns: MtrColumns, received: number | null): HopAnswerTimes {
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

/** mtr counts the first reply, which has no predecessor, as a difference of 0. */
function jitterOf(javgMs: number, received: number | null): number | null {
  if (received === null || received < 2) return null;
  return roundTripMs((javgMs * received) / (received - 1));
}

/** No run sends more probes. */
const maxCount = 1_000_000_000;

function countOf(value: unknown): number | null {
  const number = numberOf(value);
  return Number.isInteger(number) && number >= 0 && number <= maxCount ? number : null;
}

/** The ttl of a row; null for anything else. */
export function ttlOf(value: unknown): number | null {
  const ttl = numberOf(value);
  return Number.isInteger(ttl) && ttl >= 1 && ttl <= maxTtl ? ttl : null;
}

/**
 * Hops in the order of their ttl, from rows in the order of the output. Rows with one ttl merge.
 */
export function mergeRows(rows: readonly HopRow[]): HopRow[] {
  const byTtl = new Map<number, HopRow>();
  for (const row of rows) {
    const first = byTtl.get(row.ttl);
    byTtl.set(row.ttl, first === undefined ? row : addHosts(first, row.answers));
  }
  return [...byTtl.values()].sort((a, b) => a.ttl - b.ttl);
}

/**
 * A hop with further hosts. mtr counts the replies of all hosts of a hop together, and shows the
 * values with the host that replied last. They stay there; the other hosts have none.
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
