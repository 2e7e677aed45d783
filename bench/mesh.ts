/**
 * A mesh of traces for benchmarks: realistic in size and shape (12 to 22 hops, names, AS numbers,
 * load sharing, silent hops), and cheap to serve. Each pair has a fixed number of prepared trace
 * values; a trace is one of them with its own time.
 */
export interface MeshOptions {
  readonly pairs: number;
  readonly intervalSeconds: number;
  /** Prepared values per pair: all with distinct RTTs, about half with a different route. */
  readonly variants: number;
  /** All values but one have the same route, as those of most tests of a real mesh. */
  readonly stable: boolean;
  /** elmond indents its JSON; esmond does not. */
  readonly pretty: boolean;
}

/** A small deterministic generator (mulberry32), numbers from 0 up to 1. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const pathOf = (key: string) => `/esmond/perfsonar/archive/${key}`;

/** Metadata key of a pair: 64 hex digits, as in elmond. */
export function keyOf(pair: number): string {
  return pair.toString(16).padStart(8, '0').repeat(8);
}

function hostAddress(host: number): string {
  return `198.18.${host >> 8}.${host & 255}`;
}

/** Source and destination host of a pair. Pair numbers count all ordered pairs of a full mesh. */
export function endsOf(pair: number, hosts: number): { source: number; destination: number } {
  const source = Math.floor(pair / (hosts - 1));
  const other = pair % (hosts - 1);
  return { source, destination: other >= source ? other + 1 : other };
}

/** The smallest number of hosts whose full mesh has that many pairs. */
export function hostsFor(pairs: number): number {
  let hosts = 2;
  while (hosts * (hosts - 1) < pairs) hosts += 1;
  return hosts;
}

/** Metadata of one pair as elmond lists it. */
export function metadata(pair: number, options: MeshOptions): Record<string, unknown> {
  const hosts = hostsFor(options.pairs);
  const { source, destination } = endsOf(pair, hosts);
  const key = keyOf(pair);
  const eventType = (name: string) => ({
    'event-type': name,
    'base-uri': `${pathOf(key)}/${name}/base/0`,
    'time-updated': 1,
    summaries: [],
  });
  return {
    'metadata-key': key,
    uri: pathOf(key),
    'subject-type': 'point-to-point',
    source: hostAddress(source),
    destination: hostAddress(destination),
    'measurement-agent': hostAddress(source),
    'input-source': `ps-${source}.bench.example`,
    'input-destination': `ps-${destination}.bench.example`,
    'tool-name': 'pscheduler/traceroute',
    'pscheduler-test-type': 'trace',
    'event-types': ['failures', 'packet-trace', 'path-mtu', 'pscheduler-run-href'].map(eventType),
  };
}

/** Neighbors on a route are that far apart in number; an AS has about four of them. */
const routerStep = 97;
const routersOfAs = 4 * routerStep;
const firstAsn = 64_496;
const asCount = 400;

/** The prepared trace values of one pair, each as JSON. */
export function traceValues(pair: number, options: MeshOptions): string[] {
  const next = random(pair + 1);
  const { source, destination } = endsOf(pair, hostsFor(options.pairs));
  const length = 12 + Math.floor(next() * 11);
  const routers = Array.from({ length }, (_, hop) => ({
    id: (source * 31 + destination * 17 + hop * routerStep) & 0xffff,
    shared: next() < 0.2,
    silent: next() < 0.08 ? 1 : next() < 0.15 ? 0.3 : 0,
    rttMs: (hop + 1) * (2 + next() * 6),
  }));
  const drawRoute = () =>
    routers.map(({ shared, silent }) => ({
      isSilent: next() < silent,
      branch: shared && next() < 0.5 ? 1 : 0,
    }));
  const usual = drawRoute();
  return Array.from({ length: options.variants }, (_, variant) => {
    const route = options.stable && variant > 0 ? usual : drawRoute();
    const hops = routers.map((router, index) => {
      const last = index === length - 1;
      const ttl = index + 1;
      const { isSilent, branch } = route[index] as (typeof route)[number];
      if (!last && isSilent) return { ttl, query: 1, success: 1 };
      const asn = last ? firstAsn : firstAsn + (Math.floor(router.id / routersOfAs) % asCount);
      const ip = last
        ? hostAddress(destination)
        : `10.${64 + branch}.${router.id >> 8}.${router.id & 255}`;
      return {
        ttl,
        query: 1,
        success: 1,
        ip,
        hostname: last
          ? `ps-${destination}.bench.example`
          : `et-0-${branch}-0.cr${router.id}.pop${router.id % 40}.backbone.example`,
        rtt: Math.round((router.rttMs + next() * 1.5) * 10) / 10,
        as: {
          number: asn,
          owner: `BENCH-${asn} - Benchmark Network ${asn}, ZZ`,
        },
      };
    });
    return JSON.stringify(hops, null, options.pretty ? 4 : undefined);
  });
}

/** Start times of a pair's traces in a window (both ends included), epoch seconds ascending. */
export function startTimes(
  pair: number,
  from: number,
  to: number,
  intervalSeconds: number,
): number[] {
  const offset = (pair * 7919) % intervalSeconds;
  const times: number[] = [];
  for (
    let at = Math.ceil((from - offset) / intervalSeconds) * intervalSeconds + offset;
    at <= to;
    at += intervalSeconds
  )
    times.push(at);
  return times;
}
