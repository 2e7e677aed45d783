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

/** Where a route ends: index of the destination's hop, and of its answer in `rttMs`; -1 without one. */
interface End {
  readonly hop: number;
  readonly rtt: number;
}

/** What a route is towards the destination, told once for all traces that took it. */
interface Course {
  readonly shape: RouteShape;
  readonly end: End;
  /** The shape without what load sharing makes of it. */
  folded: RouteShape;
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

/** The course of each trace, equal ones as the same object, and the different ones. */
function coursesOf(
  traces: readonly Trace[],
  destination: string | null,
): { courses: Course[]; distinct: Iterable<Course> } {
  const known = new Map<Trace['route'], Course>();
  const courses = traces.map(({ route }) => {
    const before = known.get(route);
    if (before !== undefined) return before;
    const shape = shapeOf(route, destination);
    const course = { shape, end: endOf(route, destination), folded: shape };
    known.set(route, course);
    return course;
  });
  return { courses, distinct: known.values() };
}

/** The course of a test: traces ascending in time, one step each. Work on a route is done once for equal route objects. */
export function stepsOf(
  traces: readonly Trace[],
  destination: string | null,
  asnOf: AsnOf,
): Step[] {
  const { courses, distinct } = coursesOf(traces, destination);
  const sharing = findLoadSharing(
    courses.map(({ shape }) => shape),
    asnOf,
  );
  for (const course of distinct) course.folded = withoutLoadSharing(course.shape, sharing);
  const shapes = courses.map(({ folded }) => folded);
  const variants = joinParallelRoutes(groupRoutes(shapes), shapes, asnOf);
  const inOutage = outages(traces.map(({ route }) => route.reached));
  return traces.map((trace, i) => {
    const { shape, end } = courses[i] as Course;
    return {
      at: trace.startedAt,
      trace,
      shape,
      variant: variants[i] as number,
      reached: trace.route.reached,
      outage: inOutage[i] as boolean,
      lossShare: lossShare(trace, end.hop),
      rttMs: trace.rttMs[end.rtt] ?? null,
    };
  });
}
