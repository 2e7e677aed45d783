import type {
  PatternHop,
  RoutePeriod,
  RouteVariant,
  StoredRoutePeriod,
  TestAnalysis,
} from '../../model/site/analysis.ts';
import type { Responder } from '../../model/trace/trace.ts';
import { asPathOf } from './asPath.ts';
import { groupRoutes } from './routeGroups.ts';
import { areCompatible, type RouteShape, shapeOf } from './routeShape.ts';
import { letterOf } from './variants.ts';

/** Joins the periods that were only cut at midnight. */
function joinCutPeriods(stored: readonly StoredRoutePeriod[]): StoredRoutePeriod[] {
  const joined: StoredRoutePeriod[] = [];
  for (const part of stored) {
    const before = joined.at(-1);
    if (before === undefined || !part.continues) joined.push(part);
    else {
      const traces = before.traces + part.traces;
      joined[joined.length - 1] = { ...before, to: part.to, traces };
    }
  }
  return joined;
}

function shapeOfPattern(
  { route, reached }: Pick<StoredRoutePeriod, 'route' | 'reached'>,
  destination: string | null,
): RouteShape {
  const hops = route.map(({ ttl, addresses }) => ({ ttl, addresses, mtu: null, error: null }));
  return shapeOf({ hops, reached, pathMtu: null }, destination);
}

/** Whether a route fits all that a variant shows, including balanced routers, and shows as much. */
function isBranchOf(route: RouteShape, variant: RouteShape): boolean {
  if (route.hops.length !== variant.hops.length || !areCompatible(route, variant)) return false;
  return variant.hops.every((hop, i) => hop.length === 0 || route.hops[i]?.length !== 0);
}

/**
 * The letter of each period: that of the window's variant with the same route, else the next free
 * one.
 */
function assignLetters(
  { test, variants }: TestAnalysis,
  stored: readonly StoredRoutePeriod[],
): string[] {
  const reached = variants.find((variant) => variant.reached);
  const destination = test.destination.address ?? reached?.route.at(-1)?.addresses[0] ?? null;
  const all = [...stored, ...variants];
  const routes = all.map(({ route }) => route);
  const shapes = new Map<readonly PatternHop[], RouteShape>();
  for (const each of all)
    if (!shapes.has(each.route)) shapes.set(each.route, shapeOfPattern(each, destination));
  const shared = variants.map(({ route }) => shapes.get(route) as RouteShape);
  const foldedShapes = new Map(
    Array.from(shapes, ([route, shape]) => {
      const matches = shared.filter((variant) => isBranchOf(shape, variant));
      return [route, matches.length === 1 ? (matches[0] as RouteShape) : shape];
    }),
  );
  const groups = groupRoutes(routes.map((route) => foldedShapes.get(route) as RouteShape));
  const letters = new Map<number, string>();
  variants.forEach(({ letter }, index) => {
    const group = groups[stored.length + index] as number;
    if (!letters.has(group)) letters.set(group, letter);
  });
  const taken = new Set(variants.map(({ letter }) => letter));
  let next = 0;
  const nextLetter = (): string => {
    while (taken.has(letterOf(next))) next++;
    return letterOf(next++);
  };
  return groups.slice(0, stored.length).map((group) => {
    const letter = letters.get(group) ?? nextLetter();
    letters.set(group, letter);
    return letter;
  });
}

/**
 * The variant of a letter, from its periods alone: their traces have expired, and RTT and MTU with
 * them.
 */
function variantFromPeriods(letter: string, periods: readonly RoutePeriod[]): RouteVariant {
  const first = periods[0] as RoutePeriod;
  const last = periods.at(-1) as RoutePeriod;
  const { route, asPath } = periods.findLast(({ reached }) => reached) ?? last;
  return {
    letter,
    route,
    reached: periods.some(({ reached }) => reached),
    asPath,
    traces: periods.reduce((sum, period) => sum + period.traces, 0),
    share: 0,
    firstSeen: first.from,
    lastSeen: last.to,
    medianRttMs: null,
    probes: null,
    pathMtu: null,
  };
}

/**
 * Appends the window's periods to the earlier ones. A period that continues across the seam becomes
 * one, and so do earlier ones that the window recognizes as the same route: a day is stored as it
 * was seen then, without the knowledge of later days.
 */
function mergeAtSeam(
  earlier: readonly RoutePeriod[],
  window: readonly RoutePeriod[],
): RoutePeriod[] {
  const joined: RoutePeriod[] = [];
  for (const [index, period] of [...earlier, ...window].entries()) {
    const last = joined.at(-1);
    const isContinued = period.variant === last?.variant && period.reached === last.reached;
    if (last === undefined || !isContinued || index > earlier.length) {
      joined.push(period);
      continue;
    }
    joined[joined.length - 1] = { ...period, from: last.from, traces: last.traces + period.traces };
  }
  return joined;
}

/** The responders of the addresses of routes, those of the analysis first. */
function collectResponders(
  { responders }: TestAnalysis,
  periods: readonly RoutePeriod[],
  known: ReadonlyMap<string, Responder>,
): Map<string, Responder> {
  const all = new Map(responders);
  const hops = [...new Set(periods.map(({ route }) => route))].flat();
  for (const address of hops.flatMap(({ addresses }) => addresses)) {
    const unknown = { address, hostname: null, asn: null, asName: null };
    if (!all.has(address)) all.set(address, known.get(address) ?? unknown);
  }
  return all;
}

/**
 * The analysis of a window extended by earlier route periods, oldest first: `periods`, `variants`
 * and `responders` grow, everything else describes the window alone. Variants that only the earlier
 * periods know take the next letters and have no share of the window.
 */
export function withHistory(
  analysis: TestAnalysis,
  stored: readonly StoredRoutePeriod[],
  known: ReadonlyMap<string, Responder>,
): TestAnalysis {
  const joined = joinCutPeriods(stored);
  const letters = assignLetters(analysis, joined);
  const earlier = joined.map((period, index): RoutePeriod => {
    const { from, to, traces, reached, route } = period;
    const variant = letters[index] as string;
    return { from, to, traces, variant, reached, route, asPath: asPathOf(route) };
  });
  const own = new Set(analysis.variants.map(({ letter }) => letter));
  const older = Map.groupBy(earlier, ({ variant }) => variant)
    .entries()
    .filter(([letter]) => !own.has(letter))
    .map(([letter, periods]) => variantFromPeriods(letter, periods));
  return {
    ...analysis,
    periods: mergeAtSeam(earlier, analysis.periods),
    variants: [...analysis.variants, ...older],
    responders: collectResponders(analysis, earlier, known),
  };
}
