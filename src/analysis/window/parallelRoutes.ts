import { isRandomOrder } from '../runsTest.ts';
import type { AsnOf } from './asPath.ts';
import type { RouteShape } from './routeShape.ts';

/** A route is new to a test when this many earlier traces took others. */
const minTracesBefore = 6;
/** How often two new routes must alternate; from `many` on, it may be a habit. */
const alternationLimits = { few: 3, many: 6 };
/** Parallel routers lie within so many ttls. */
const maxPartLength = 4;
/** New routes that are compared with each other, the most frequent ones. */
const maxNewVariants = 16;

/** The variant and the shape of each trace, in time order. */
interface VariantSequence {
  readonly numbers: readonly number[];
  readonly shapes: readonly RouteShape[];
}

/** The combined answers of the traces of one variant. */
interface VariantProfile {
  readonly number: number;
  traces: number;
  endFrom: number;
  endTo: number;
  /** By `ttl - 1`: the addresses that answer. */
  readonly hops: Set<string>[];
}

function extendProfile(profile: VariantProfile, shape: RouteShape): void {
  profile.endFrom = Math.max(profile.endFrom, shape.endFrom);
  profile.endTo = Math.min(profile.endTo, shape.endTo);
  shape.hops.forEach((hop, index) => {
    while (profile.hops.length <= index) profile.hops.push(new Set());
    for (const address of hop) profile.hops[index]?.add(address);
  });
}

/** Profiles of the variants that are new and were used more than once, the most frequent first. */
function newProfiles(numbers: readonly number[], shapes: readonly RouteShape[]): VariantProfile[] {
  const old = new Set(numbers.slice(0, minTracesBefore));
  const found = new Map<number, VariantProfile>();
  const seen = new Map<number, Set<RouteShape>>();
  numbers.forEach((number, index) => {
    if (old.has(number)) return;
    const shape = shapes[index] as RouteShape;
    const profile = found.get(number) ?? {
      number,
      traces: 0,
      endFrom: 0,
      endTo: Number.POSITIVE_INFINITY,
      hops: [],
    };
    found.set(number, profile);
    profile.traces += 1;
    const known = seen.get(number) ?? new Set();
    seen.set(number, known);
    if (!known.has(shape)) extendProfile(profile, shape);
    known.add(shape);
  });
  const frequent = found.values().filter(({ traces }) => traces > 1);
  return [...frequent]
    .sort((a, b) => b.traces - a.traces || a.number - b.number)
    .slice(0, maxNewVariants);
}

function isInSameAs(a: ReadonlySet<string>, b: ReadonlySet<string>, asnOf: AsnOf): boolean {
  const known = new Set([...a, ...b].map(asnOf).filter((asn) => asn !== null));
  return known.size < 2;
}

/**
 * Indices of the hops at which two variants show different routers; null unless they are parallel
 * routes of one length within an AS.
 */
function parallelPart(
  a: VariantProfile,
  b: VariantProfile,
  asnOf: AsnOf,
): readonly number[] | null {
  if (a.endFrom > b.endTo || b.endFrom > a.endTo) return null;
  const part: number[] = [];
  for (let i = 0; i < Math.min(a.hops.length, b.hops.length); i++) {
    const [one, other] = [a.hops[i] as Set<string>, b.hops[i] as Set<string>];
    if (one.size === 0 || other.size === 0 || !one.isDisjointFrom(other)) continue;
    if (!isInSameAs(one, other, asnOf)) return null;
    part.push(i);
  }
  const [first] = part;
  if (first === undefined || (part.at(-1) ?? 0) - first >= maxPartLength) return null;
  return part;
}

/** The order of two variants in the traces that distinguish them: true where it is the first. */
function variantOrder(
  variantSequence: VariantSequence,
  a: VariantProfile,
  b: VariantProfile,
  part: readonly number[],
): boolean[] {
  const order: boolean[] = [];
  variantSequence.numbers.forEach((number, i) => {
    if (number !== a.number && number !== b.number) return;
    const hops = variantSequence.shapes[i]?.hops ?? [];
    if (part.some((index) => (hops[index]?.length ?? 0) > 0)) order.push(number === a.number);
  });
  return order;
}

/** Whether two kinds follow each other as if drawn at random. */
function alternatesRandomly(order: readonly boolean[]): boolean {
  const first = order.filter(Boolean).length;
  const alternations = order.filter((kind, i) => i > 0 && kind !== order[i - 1]).length;
  const minScore = alternations < alternationLimits.many ? -2 : -3;
  return (
    alternations >= alternationLimits.few &&
    isRandomOrder(first, order.length - first, alternations, minScore)
  );
}

/** Renumbers by first appearance. */
function renumber(numbers: readonly number[]): number[] {
  const order = new Map([...new Set(numbers)].map((number, index) => [number, index]));
  return numbers.map((number) => order.get(number) as number);
}

/**
 * Joins variants (numbered per trace, by first appearance) that share the load of a route which is
 * new to the test. An address of a branch may also belong to an earlier route, so it need not
 * alternate over the whole window; and a new route has had no time for many alternations. A usual
 * route and a new one are never joined here, however often they alternate.
 */
export function joinParallelRoutes(
  numbers: readonly number[],
  shapes: readonly RouteShape[],
  asnOf: AsnOf,
): readonly number[] {
  const profiles = newProfiles(numbers, shapes);
  let joined = numbers;
  for (let into = profiles.shift(); into !== undefined; into = profiles.shift()) {
    for (let i = 0; i < profiles.length; ) {
      const other = profiles[i] as VariantProfile;
      const part = parallelPart(into, other, asnOf);
      const variantSequence = { numbers: joined, shapes };
      if (part === null || !alternatesRandomly(variantOrder(variantSequence, into, other, part))) {
        i += 1;
        continue;
      }
      const { number } = into;
      joined = joined.map((each) => (each === other.number ? number : each));
      extendProfile(into, { ...other, hops: other.hops.map((hop) => [...hop]) });
      profiles.splice(i, 1);
    }
  }
  return joined === numbers ? numbers : renumber(joined);
}
