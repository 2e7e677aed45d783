import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { archiveFolder, periodSeconds, until } from './goldenRun.ts';

/** One reply at one TTL. */
export interface PlainAnswer {
  readonly ttl: number;
  readonly ip: string;
  /** RTT of the fastest probe, ms. */
  readonly rtt: number | null;
}

/** One result, read in the simplest way. */
export interface PlainTrace {
  readonly at: number;
  readonly answers: readonly PlainAnswer[];
  readonly reached: boolean;
  readonly mtu: number | null;
}

/** One recorded test. */
export interface PlainTest {
  readonly archive: string;
  readonly key: string;
  readonly destination: string;
  readonly family: 4 | 6;
  /** Ascending in time. */
  readonly traces: readonly PlainTrace[];
}

type Json = Readonly<Record<string, unknown>>;

function read(...path: string[]): Json[] {
  return JSON.parse(readFileSync(join(archiveFolder, ...path), 'utf8'));
}

/** Records of a result with any number of flows; null for an invalid result. */
function records(val: unknown): Json[] | null {
  const hops = (val as Json[]).flat() as Json[];
  return hops.every(({ ttl }) => Number(ttl) > 0) ? hops : null;
}

function answersOf(hops: readonly Json[]): PlainAnswer[] {
  const fastest = new Map<string, PlainAnswer>();
  for (const hop of hops) {
    if (typeof hop.ip !== 'string') continue;
    const { ip } = hop;
    const ttl = Number(hop.ttl);
    const rtt = hop.rtt == null ? null : Math.round(Number(hop.rtt) * 1000) / 1000;
    const known = fastest.get(`${ttl} ${ip}`);
    if (known === undefined || (known.rtt ?? Infinity) > (rtt ?? Infinity)) {
      fastest.set(`${ttl} ${ip}`, { ttl, ip, rtt });
    }
  }
  return [...fastest.values()].sort((a, b) => a.ttl - b.ttl);
}

function traceOf(at: number, hops: readonly Json[], destination: string): PlainTrace {
  const answers = answersOf(hops);
  const last = answers.at(-1);
  const refused = hops.some(
    (hop) => Number(hop.ttl) === last?.ttl && (hop['error-message'] ?? hop.error_message),
  );
  const mtus = hops.flatMap((hop) => (hop.mtu == null ? [] : [Number(hop.mtu)]));
  return {
    at,
    answers,
    reached: last?.ip === destination && !refused,
    mtu: mtus.length === 0 ? null : Math.min(...mtus),
  };
}

function tracesOf(archive: string, key: string, destination: string): PlainTrace[] {
  const files = readdirSync(join(archiveFolder, archive, key));
  const several = files.includes('packet-trace-multi.json');
  const found = new Map<number, PlainTrace>();
  for (const { ts, val } of read(archive, key, `packet-trace${several ? '-multi' : ''}.json`)) {
    const hops = records(val);
    const at = Number(ts);
    if (hops === null || Number.isNaN(at) || at < until - periodSeconds || at > until) continue;
    found.set(at, traceOf(at, hops, destination));
  }
  const mtus = files.includes('path-mtu.json') ? read(archive, key, 'path-mtu.json') : [];
  const mtuAt = new Map(mtus.map(({ ts, val }) => [Number(ts), Number(val)]));
  return [...found.values()]
    .map((trace) => ({ ...trace, mtu: trace.mtu ?? mtuAt.get(trace.at) ?? null }))
    .sort((a, b) => a.at - b.at);
}

/** Every recorded test with all of its usable results. */
export function plainTests(): PlainTest[] {
  return readdirSync(archiveFolder).flatMap((archive) =>
    read(archive, 'list.json')
      .filter((metadata) => /^[0-9a-f]+$/.test(String(metadata['metadata-key'])))
      .map((metadata) => {
        const [key, destination] = [metadata['metadata-key'], metadata.destination].map(String);
        return {
          archive,
          key: key as string,
          destination: destination as string,
          family: destination?.includes(':') ? (6 as const) : (4 as const),
          traces: tracesOf(archive, key as string, destination as string),
        };
      }),
  );
}

/** AS number of every address, from one archive: no other one counts for its tests. */
export function plainAsNumbers(archive: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const key of readdirSync(join(archiveFolder, archive))) {
    if (key.endsWith('.json')) continue;
    for (const { val } of read(archive, key, 'packet-trace.json')) {
      for (const hop of records(val) ?? []) {
        const as = hop.as as Json | undefined;
        if (as !== undefined) found.set(String(hop.ip), Number(as.number));
      }
    }
  }
  return found;
}
