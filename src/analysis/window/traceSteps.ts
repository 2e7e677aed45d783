import type { Trace } from '../../model/trace/trace.ts';
import type { AsnOf } from './asPath.ts';
import { findLoadBalancing, foldLoadBalancing } from './loadBalancing.ts';
import { markOutages } from './outages.ts';
import { joinParallelRoutes } from './parallelRoutes.ts';
import { computeLossShare } from './probeCounts.ts';
import { groupRoutes } from './routeGroups.ts';
import { destinationHopIndex, destinationOn, type RouteShape, shapeOf } from './routeShape.ts';

/** One trace of a test, with all that later questions need. */
export interface TraceStep {
  readonly at: number;
  readonly trace: Trace;
  readonly shape: RouteShape;
  /** Number of the variant, by first appearance. */
  readonly variant: number;
  readonly reached: boolean;
  /** Part of a run of misses that is too long for chance. */
  readonly outage: boolean;
  /** Share of the probes to the destination without an answer, 0 to 1. */
  readonly lossShare: number;
  /** To the destination, ms. */
  readonly rttMs: number | null;
}

/**
 * Where a route ends: index of the destination's hop, and of its answer in `rttMs`; -1 for none.
 */
interface RouteEnd {
  readonly hop: number;
  readonly rtt: number;
}

/** A route as it leads to the destination, computed once for all traces that took it. */
interface RouteProfile {
  readonly shape: RouteShape;
  readonly end: RouteEnd;
  /** The shape without the effects of load balancing. */
  folded: RouteShape;
}

function endOf(route: Trace['route'], destination: string | null): RouteEnd {
  const hop = destinationHopIndex(route, destination);
  if (hop < 0 || !route.reached) return { hop: -1, rtt: -1 };
  let index = 0;
  for (const { addresses } of route.hops.slice(0, hop)) index += addresses.length;
  const address = destinationOn(route, destination) ?? '';
  return { hop, rtt: index + (route.hops[hop]?.addresses.indexOf(address) ?? 0) };
}

/** The destination as the newest trace that reached it shows it, else as the test names it. */
export function resolveDestination(named: string | null, traces: readonly Trace[]): string | null {
  const reached = traces.findLast(({ route }) => route.reached);
  return reached === undefined ? named : destinationOn(reached.route, named);
}

/** The profile of each trace's route, equal ones as the same object, and the distinct ones. */
function profileRoutes(
  traces: readonly Trace[],
  destination: string | null,
): { profiles: RouteProfile[]; distinct: Iterable<RouteProfile> } {
  const known = new Map<Trace['route'], RouteProfile>();
  const profiles = traces.map(({ route }) => {
    const before = known.get(route);
    if (before !== undefined) return before;
    const shape = shapeOf(route, destination);
    const profile = { shape, end: endOf(route, destination), folded: shape };
    known.set(route, profile);
    return profile;
  });
  return { profiles, distinct: known.values() };
}

/**
 * Builds the steps of a test, one per trace, ascending in time. Work on a route is done once for
 * equal route objects.
 */
export function buildTraceSteps(
  traces: readonly Trace[],
  destination: string | null,
  asnOf: AsnOf,
): TraceStep[] {
  const { profiles, distinct } = profileRoutes(traces, destination);
  const balancing = findLoadBalancing(
    profiles.map(({ shape }) => shape),
    asnOf,
  );
  for (const profile of distinct) profile.folded = foldLoadBalancing(profile.shape, balancing);
  const shapes = profiles.map(({ folded }) => folded);
  const variants = joinParallelRoutes(groupRoutes(shapes), shapes, asnOf);
  const inOutage = markOutages(traces.map(({ route }) => route.reached));
  return traces.map((trace, i) => {
    const { shape, end } = profiles[i] as RouteProfile;
    return {
      at: trace.startedAt,
      trace,
      shape,
      variant: variants[i] as number,
      reached: trace.route.reached,
      outage: inOutage[i] as boolean,
      lossShare: computeLossShare(trace, end.hop),
      rttMs: trace.rttMs[end.rtt] ?? null,
    };
  });
}
