import type { Trace } from '../model/trace.ts';
import type { AsnOf } from './asPath.ts';
import { findLoadSharing, withoutLoadSharing } from './loadSharing.ts';
import { outages } from './outages.ts';
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

/** Index into `rttMs` of the destination's answer, -1 without one. */
function destinationRtt({ route }: Trace, destination: string | null): number {
  const hop = destinationHop(route, destination);
  if (hop < 0 || !route.reached) return -1;
  let index = 0;
  for (const { addresses } of route.hops.slice(0, hop)) index += addresses.length;
  return index + (route.hops[hop]?.addresses.indexOf(destination ?? '') ?? 0);
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
  const variants = groupRoutes(shapes.map(folded));
  const reached = traces.map(({ route }) => route.reached);
  const inOutage = outages(reached);
  const rttIndex = new Map<Trace['route'], number>();
  return traces.map((trace, i) => {
    const index = rttIndex.get(trace.route) ?? destinationRtt(trace, destination);
    rttIndex.set(trace.route, index);
    return {
      at: trace.startedAt,
      trace,
      shape: shapes[i] as RouteShape,
      variant: variants[i] as number,
      reached: trace.route.reached,
      outage: inOutage[i] as boolean,
      rttMs: trace.rttMs[index] ?? null,
    };
  });
}
