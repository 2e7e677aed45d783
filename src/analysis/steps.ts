import type { Trace } from '../model/trace.ts';
import type { AsnOf } from './asPath.ts';
import { findLoadSharing, withoutLoadSharing } from './loadSharing.ts';
import { outages } from './outages.ts';
import { joinParallelRoutes } from './parallelRoutes.ts';
import { lossShare } from './probeCounts.ts';
import { groupRoutes } from './routeGroups.ts';
import { destinationHop, type RouteShape, shapeOf } from './routeShape.ts';

/** One trace in the course of its test, as every later question needs it. */
export interface Step {
  readonly at: number;
  readonly trace: Trace;
  readonly shape: RouteShape;
  /** Number of the variant, by first appearance. */
  readonly variant: number;
  readonly reached: boolean;
  /** Part of a run of misses that is more than chance. */
  readonly outage: boolean;
  /** Share of the probes to the destination without an answer, 0 to 1. */
  readonly lossShare: number;
  /** To the destination, ms. */
  readonly rttMs: number | null;
}

/** Calls `work` once for each distinct object. */
function once<K, V>(work: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = work(key);
    known.set(key, value);
    return value;
  };
}

/** Where a route ends: index of the destination's hop, and of its answer in `rttMs`; -1 without one. */
interface End {
  readonly hop: number;
  readonly rtt: number;
}

function endOf(route: Trace['route'], destination: string | null): End {
  const hop = destinationHop(route, destination);
  if (hop < 0 || !route.reached) return { hop: -1, rtt: -1 };
  let index = 0;
  for (const { addresses } of route.hops.slice(0, hop)) index += addresses.length;
  return { hop, rtt: index + (route.hops[hop]?.addresses.indexOf(destination ?? '') ?? 0) };
}

/** The destination as the test names it, else as the newest trace that reached it shows it. */
export function destinationOf(named: string | null, traces: readonly Trace[]): string | null {
  if (named !== null) return named;
  const route = traces.findLast((trace) => trace.route.reached)?.route;
  return route?.hops.findLast(({ addresses }) => addresses.length > 0)?.addresses[0] ?? null;
}

/** The course of a test: traces ascending in time, one step each. Work on a route is done once for equal route objects. */
export function stepsOf(
  traces: readonly Trace[],
  destination: string | null,
  asnOf: AsnOf,
): Step[] {
  const shapeOfRoute = once((route: Trace['route']) => shapeOf(route, destination));
  const shapes = traces.map(({ route }) => shapeOfRoute(route));
  const sharing = findLoadSharing(shapes, asnOf);
  const folded = once((shape: RouteShape) => withoutLoadSharing(shape, sharing));
  const foldedShapes = shapes.map(folded);
  const variants = joinParallelRoutes(groupRoutes(foldedShapes), foldedShapes, asnOf);
  const reached = traces.map(({ route }) => route.reached);
  const inOutage = outages(reached);
  const endOfRoute = once((route: Trace['route']) => endOf(route, destination));
  return traces.map((trace, i) => {
    const end = endOfRoute(trace.route);
    return {
      at: trace.startedAt,
      trace,
      shape: shapes[i] as RouteShape,
      variant: variants[i] as number,
      reached: trace.route.reached,
      outage: inOutage[i] as boolean,
      lossShare: lossShare(trace, end.hop),
      rttMs: trace.rttMs[end.rtt] ?? null,
    };
  });
}
