import type { PlainTest, PlainTrace } from './plainTraces.ts';

/** The five figures of an ascending list and psTrace's threshold. */
export interface PlainQuartiles {
  readonly min: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly max: number;
  readonly threshold: number;
}

/** The middle of a list, or the mean of the two in its middle. */
function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  const last = sorted.length - 1;
  const [low, high] = [sorted[Math.floor(last / 2)], sorted[Math.ceil(last / 2)]];
  return ((low as number) + (high as number)) / 2;
}

/** Tukey's hinges; an odd list's median belongs to neither half. */
export function quartiles(list: readonly number[]): PlainQuartiles {
  const sorted = [...list].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low, high] =
    sorted.length === 1 ? [sorted, sorted] : [sorted.slice(0, half), sorted.slice(-half)];
  const [q1, q3] = [median(low), median(high)];
  return {
    min: sorted[0] as number,
    q1,
    median: median(sorted),
    q3,
    max: sorted.at(-1) as number,
    threshold: q3 + 1.5 * (q3 - q1),
  };
}

/** Whether the newest of at least five samples is above the threshold. */
export function status(list: readonly number[]): 'ok' | 'warn' | 'unknown' {
  if (list.length < 5) return 'unknown';
  return (list.at(-1) as number) > quartiles(list).threshold ? 'warn' : 'ok';
}

/** RTTs by `ttl address`, oldest first. */
export function samples({ traces }: PlainTest): Map<string, number[]> {
  const found = new Map<string, number[]>();
  for (const { answers } of traces) {
    for (const { ttl, ip, rtt } of answers) {
      if (rtt === null) continue;
      const name = `${ttl} ${ip}`;
      found.set(name, [...(found.get(name) ?? []), rtt]);
    }
  }
  return found;
}

/** RTT to the destination, ms; null if it was not reached. */
export function destinationRtt({ destination }: PlainTest, { answers, reached }: PlainTrace) {
  return reached ? (answers.find(({ ip }) => ip === destination)?.rtt ?? null) : null;
}

/**
 * Routers of the recorded networks that visibly alternate from one trace to the next (load
 * sharing): both are the same hop.
 */
const loadSharing: Readonly<Record<string, string>> = {
  '203.0.113.54': '203.0.113.52',
  '198.51.100.41': '198.51.100.39',
};

/** The routers of a trace by ttl, without the destination. */
function routers({ destination }: PlainTest, { answers }: PlainTrace): Map<number, string> {
  const before = answers.filter(({ ip }) => ip !== destination);
  return new Map(before.map(({ ttl, ip }) => [ttl, loadSharing[ip] ?? ip]));
}

/** Numbers of the traces' routes, by first appearance. Silent hops match any router. */
function routeNumbers(test: PlainTest): number[] {
  const known: Map<number, string>[] = [];
  return test.traces.map((trace) => {
    const route = routers(test, trace);
    const agrees = (other: Map<number, string>) =>
      [...route].every(([ttl, ip]) => (other.get(ttl) ?? ip) === ip);
    const number = known.findIndex(agrees);
    if (number < 0) return known.push(route) - 1;
    for (const [ttl, ip] of route) known[number]?.set(ttl, ip);
    return number;
  });
}

/**
 * Number of hops of the newest route, up to the destination or the last reply. A destination that
 * rate-limits replies seems to drift to higher TTLs; its hop is the lowest TTL at which it replied.
 */
export function length(test: PlainTest): number {
  const newest = test.traces.at(-1) as PlainTrace;
  if (!newest.reached) return newest.answers.at(-1)?.ttl ?? 0;
  const numbers = routeNumbers(test);
  const onRoute = test.traces.filter((_, index) => numbers[index] === numbers.at(-1));
  const ttls = onRoute.flatMap(({ answers }) =>
    answers.filter(({ ip }) => ip === test.destination).map(({ ttl }) => ttl),
  );
  return Math.min(...ttls);
}

/** Numbers of traces on each route, in descending order. */
export function routeCounts(test: PlainTest): number[] {
  const numbers = routeNumbers(test);
  const counts = [...new Set(numbers)].map(
    (route) => numbers.filter((own) => own === route).length,
  );
  return counts.sort((a, b) => b - a);
}

/**
 * Median RTT to the destination on the most frequent route before a moment (epoch seconds); on the
 * first of equally frequent ones.
 */
export function usualRtt(whole: PlainTest, before: number): number | null {
  const test = { ...whole, traces: whole.traces.filter(({ at }) => at < before) };
  const numbers = routeNumbers(test);
  const [most] = routeCounts(test);
  const usual = numbers.find((route) => numbers.filter((own) => own === route).length === most);
  const rtts = test.traces.map((trace, index) =>
    numbers[index] === usual ? destinationRtt(test, trace) : null,
  );
  const known = rtts.filter((rtt) => rtt !== null);
  return known.length === 0 ? null : median(known);
}

/** Share of the traces that did not reach the destination. */
export function lossPercent({ traces }: PlainTest): number {
  return (traces.filter(({ reached }) => !reached).length / traces.length) * 100;
}

/** A run of traces on one route, or an outage on it. */
export interface PlainPeriod {
  readonly route: number;
  readonly traces: PlainTrace[];
  readonly outage: boolean;
}

/** Two consecutive misses are an outage of a destination that otherwise replies. */
export function periods(test: PlainTest): PlainPeriod[] {
  const { traces } = test;
  const numbers = routeNumbers(test);
  const missed = (index: number) => traces[index]?.reached === false;
  const found: PlainPeriod[] = [];
  traces.forEach((trace, index) => {
    const isPart = missed(index) && (missed(index - 1) || missed(index + 1));
    const outage = isPart && traces.some(({ reached }) => reached);
    const route = numbers[index] as number;
    const open = found.at(-1);
    if (open?.route === route && open.outage === outage) open.traces.push(trace);
    else found.push({ route, traces: [trace], outage });
  });
  return found;
}

/** AS path of all traces of a period, up to the last hop that replied. */
export function asPath(period: PlainPeriod, asNumbers: ReadonlyMap<string, number>): number[] {
  const path = period.traces
    .flatMap(({ answers }) => answers)
    .sort((a, b) => a.ttl - b.ttl)
    .flatMap(({ ip }) => asNumbers.get(ip) ?? []);
  return path.filter((asn, index) => asn !== path[index - 1]);
}

/** Start of the current route, including outages on it; null without another route before. */
export function inUseSince(all: readonly PlainPeriod[]): number | null {
  const route = all.at(-1)?.route;
  const before = all.findLastIndex((period) => period.route !== route);
  return before < 0 ? null : (all[before + 1]?.traces[0]?.at ?? null);
}
