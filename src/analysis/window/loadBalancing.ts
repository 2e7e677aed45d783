import { isRandomOrder } from '../runsTest.ts';
import type { RouteShape } from './routeShape.ts';

/**
 * The load balancing of a test: which addresses alternate at a ttl because routers before them
 * spread flows over several links, and which route lengths do. Most tools use a new flow for every
 * probe, so each hop of each trace may show another branch.
 */
export interface LoadBalancing {
  /** By `ttl - 1`: address → the address that represents all that alternate with it. */
  readonly representatives: ReadonlyMap<number, ReadonlyMap<string, string>>;
  /** Ranges of the destination's ttl over branches of unequal length. */
  readonly lengths: readonly { readonly from: number; readonly to: number }[];
}

/** Fewer alternations than three returns may be temporary routes. */
const minAlternations = 6;
/** Addresses of one hop that are compared: routers balance load over no more. */
const maxAddresses = 64;

/**
 * Alternations this many standard deviations rarer than in a random order are changes of route;
 * fewer count where one trace saw both sides.
 */
const minScore = -3;
const minScoreTogether = -2;

/** Consecutive traces that show the same. */
interface TraceRun<Seen> {
  readonly seen: Seen;
  traces: number;
}

/** The values that traces show, in time order. */
type ValueRuns = readonly TraceRun<readonly string[]>[];

function groupRuns<Seen>(sequence: readonly Seen[]): TraceRun<Seen>[] {
  const runs: TraceRun<Seen>[] = [];
  for (const seen of sequence) {
    const last = runs.at(-1);
    if (last?.seen === seen) last.traces += 1;
    else runs.push({ seen, traces: 1 });
  }
  return runs;
}

/**
 * Whether `value` and the values of `set` follow each other as if drawn at random: two routes that
 * hold for a while each alternate too rarely for that. One trace that saw both sides at once counts
 * for as much as many alternations.
 */
function alternatesRandomly(
  valueRuns: ValueRuns,
  set: ReadonlySet<string>,
  value: string,
): boolean {
  let [alternations, together, others, own, lastOwn] = [0, 0, 0, 0, false];
  for (const { seen, traces } of valueRuns) {
    const isOwn = seen.includes(value);
    const isOther = seen.some((answer) => set.has(answer));
    if (isOwn && isOther) together += 1;
    if (isOwn === isOther) continue;
    if (others + own > 0 && isOwn !== lastOwn) alternations += 1;
    lastOwn = isOwn;
    if (isOwn) own += traces;
    else others += traces;
  }
  if (alternations >= minAlternations) return isRandomOrder(others, own, alternations, minScore);
  return together > 0 && isRandomOrder(others, own, alternations, minScoreTogether);
}

/** Sets of two or more alternating values, the most frequent value first. */
function findAlternatingSets(
  valueRuns: ValueRuns,
  mayJoin: (set: ReadonlySet<string>, value: string) => boolean,
): ReadonlySet<string>[] {
  const counts = new Map<string, number>();
  for (const { seen, traces } of valueRuns) {
    for (const answer of seen) counts.set(answer, (counts.get(answer) ?? 0) + traces);
  }
  const sets: Set<string>[] = [];
  const frequent = [...counts].sort((a, b) => b[1] - a[1]).slice(0, maxAddresses);
  for (const [value] of frequent) {
    const match = sets.find(
      (set) => mayJoin(set, value) && alternatesRandomly(valueRuns, set, value),
    );
    if (match === undefined) sets.push(new Set([value]));
    else match.add(value);
  }
  return sets.filter((set) => set.size > 1);
}

/** Indices of the hops at which the shapes show more than one address. */
function varyingHops(distinct: ReadonlySet<RouteShape>): number[] {
  const seen: (string | undefined)[] = [];
  const varied = new Set<number>();
  for (const { hops } of distinct) {
    hops.forEach((hop, index) => {
      for (const address of hop) {
        seen[index] ??= address;
        if (seen[index] !== address) varied.add(index);
      }
    });
  }
  return [...varied];
}

function lengthsOf({ endFrom, endTo }: RouteShape): readonly string[] {
  return endFrom === endTo ? [String(endTo)] : [];
}

function balancedLengths(
  runs: readonly TraceRun<RouteShape>[],
  distinct: ReadonlySet<RouteShape>,
): LoadBalancing['lengths'] {
  if (new Set([...distinct].flatMap(lengthsOf)).size < 2) return [];
  const valueRuns = runs.map(({ seen, traces }) => ({ seen: lengthsOf(seen), traces }));
  return findAlternatingSets(valueRuns, () => true).map((set) => {
    const lengths = Array.from(set, Number);
    return { from: Math.min(...lengths), to: Math.max(...lengths) };
  });
}

/**
 * Finds load balancing in the shapes of a test's traces, in time order (equal routes as one
 * object). Addresses of different ASes never represent each other: a route that alternates between
 * networks appears as several routes.
 */
export function findLoadBalancing(
  shapes: readonly RouteShape[],
  asnOf: (address: string) => number | null,
): LoadBalancing {
  const runs = groupRuns(shapes);
  const distinct = new Set(shapes);
  const representatives = new Map<number, Map<string, string>>();
  const isInSameAs = (set: ReadonlySet<string>, value: string): boolean => {
    const asn = asnOf(value);
    return asn === null || set.values().every((other) => (asnOf(other) ?? asn) === asn);
  };
  for (const index of varyingHops(distinct)) {
    const valueRuns = runs.map(({ seen, traces }) => ({ seen: seen.hops[index] ?? [], traces }));
    const representative = new Map<string, string>();
    for (const set of findAlternatingSets(valueRuns, isInSameAs)) {
      const [first = ''] = set;
      for (const address of set) representative.set(address, first);
    }
    if (representative.size > 0) representatives.set(index, representative);
  }
  return { representatives, lengths: balancedLengths(runs, distinct) };
}

/**
 * The shape with the representatives of its addresses, and with an open length where branches
 * differ in length.
 */
export function foldLoadBalancing(shape: RouteShape, balancing: LoadBalancing): RouteShape {
  if (balancing.representatives.size === 0 && balancing.lengths.length === 0) return shape;
  const hops = shape.hops.map((hop, index) => {
    const representative = balancing.representatives.get(index);
    if (representative === undefined || hop.length === 0) return hop;
    return [...new Set(hop.map((address) => representative.get(address) ?? address))].sort();
  });
  let { endFrom, endTo } = shape;
  for (const { from, to } of balancing.lengths) {
    if (endFrom > to || endTo < from) continue;
    endFrom = Math.min(endFrom, from);
    endTo = Math.max(endTo, to);
  }
  return { hops, endFrom, endTo };
}
