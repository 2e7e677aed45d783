import type {
  PatternHop,
  RoutePeriod,
  RouteVariant,
  SeriesPoint,
} from '../../model/site/analysis.ts';
import { median } from '../../model/values/statistics.ts';
import { type AsnOf, asPathOf } from './asPath.ts';
import { countProbes } from './probeCounts.ts';
import { buildPattern, destinationTtl } from './routePattern.ts';
import type { RouteShape } from './routeShape.ts';
import type { TraceStep } from './traceSteps.ts';

/** A, B, …, Z, AA, AB, … for 0, 1, … */
export function letterOf(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : letterOf(Math.floor(index / 26) - 1) + last;
}

function shapeCounts(steps: readonly TraceStep[]): Map<RouteShape, number> {
  const counts = new Map<RouteShape, number>();
  for (const { shape } of steps) counts.set(shape, (counts.get(shape) ?? 0) + 1);
  return counts;
}

function buildVariant(
  own: readonly TraceStep[],
  all: number,
  destination: string | null,
  asnOf: AsnOf,
): RouteVariant {
  const first = own[0] as TraceStep;
  const last = own.at(-1) as TraceStep;
  const firstTtl = first.trace.route.hops[0]?.ttl ?? 1;
  const route = buildPattern(shapeCounts(own), firstTtl, destination, asnOf);
  const mtu = own.findLast(({ trace }) => trace.route.pathMtu !== null)?.trace.route.pathMtu;
  return {
    letter: letterOf(first.variant),
    route,
    reached: own.some(({ reached }) => reached),
    asPath: asPathOf(route),
    traces: own.length,
    share: own.length / all,
    firstSeen: first.at,
    lastSeen: last.at,
    medianRttMs: median(own.map(({ rttMs }) => rttMs).filter((rtt) => rtt !== null)),
    pathMtu: mtu ?? null,
    probes: countProbes(
      own.map(({ trace }) => trace),
      route,
    ),
  };
}

/** The variants of a test by their number, which counts first appearances. */
export function buildVariants(
  steps: readonly TraceStep[],
  destination: string | null,
  asnOf: AsnOf,
): RouteVariant[] {
  const own: TraceStep[][] = [];
  for (const step of steps) {
    own[step.variant] ??= [];
    own[step.variant]?.push(step);
  }
  return own.map((members) => buildVariant(members, steps.length, destination, asnOf));
}

/** The hops up to the last one that answered in any of the steps. */
function visiblePart(
  route: readonly PatternHop[],
  steps: readonly TraceStep[],
): readonly PatternHop[] {
  if (destinationTtl(steps.map(({ shape }) => shape)) !== null) return route;
  const deepest = steps.reduce((ttl, { shape }) => Math.max(ttl, shape.hops.length), 0);
  return route.filter(({ ttl }) => ttl <= deepest);
}

function buildPeriod(own: readonly TraceStep[], variants: readonly RouteVariant[]): RoutePeriod {
  const first = own[0] as TraceStep;
  const variant = variants[first.variant] as RouteVariant;
  const reached = own.some((step) => step.reached);
  const route = reached ? variant.route : visiblePart(variant.route, own);
  return {
    from: first.at,
    to: (own.at(-1) as TraceStep).at,
    traces: own.length,
    variant: variant.letter,
    reached,
    route,
    asPath: route === variant.route ? variant.asPath : asPathOf(route),
  };
}

/**
 * Runs of consecutive traces on one variant, oldest first. An outage (see `markOutages`) is a
 * period of its own, with the route as far as it was visible; a few misses that may be chance split
 * nothing.
 */
export function buildPeriods(
  steps: readonly TraceStep[],
  variants: readonly RouteVariant[],
): RoutePeriod[] {
  const periods: RoutePeriod[] = [];
  let from = 0;
  for (let i = 1; i <= steps.length; i++) {
    const [before, step] = [steps[i - 1], steps[i]];
    if (step?.variant === before?.variant && step?.outage === before?.outage) continue;
    periods.push(buildPeriod(steps.slice(from, i), variants));
    from = i;
  }
  return periods;
}

/** The steps as points of the time axis. */
export function buildSeries(
  steps: readonly TraceStep[],
  variants: readonly RouteVariant[],
): SeriesPoint[] {
  return steps.map(({ at, variant, rttMs, reached, shape, trace }) => {
    const usedVariant = variants[variant] as RouteVariant;
    const { pathMtu } = trace.route;
    return {
      at,
      variant: usedVariant.letter,
      rttMs,
      reached,
      hops: hopCount(shape, usedVariant),
      pathMtu,
    };
  });
}

/**
 * Hop count of a trace's route: to the destination's usual ttl, as far as its own answers allow,
 * else to the last answer.
 */
function hopCount({ hops, endFrom, endTo }: RouteShape, { route }: RouteVariant): number {
  if (!Number.isFinite(endTo)) return hops.length;
  const usual = route.at(-1)?.ttl ?? endFrom;
  return Math.min(endTo, Math.max(endFrom, usual));
}
