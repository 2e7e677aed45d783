import type { RoutePeriod, StoredRoutePeriod } from '../../model/site/analysis.ts';
import type { Test } from '../../model/test/test.ts';
import type { Interval, Responder, Trace } from '../../model/trace/trace.ts';
import { asnLookup } from './asPath.ts';
import { buildTraceSteps, resolveDestination, type TraceStep } from './traceSteps.ts';
import { buildPeriods, buildVariants } from './variants.ts';

/** The traces and responders from which to build the route periods of an interval. */
export interface FinalizeInput {
  readonly test: Test;
  /**
   * Ascending. Those before the interval distinguish load balancing from changes and show which
   * period continues.
   */
  readonly traces: readonly Trace[];
  readonly responders: ReadonlyMap<string, Responder>;
}

/** The part of a period within an interval; null when it has no trace there. */
function cutPeriod(
  period: RoutePeriod,
  steps: readonly TraceStep[],
  interval: Interval,
): StoredRoutePeriod | null {
  const from = Math.max(period.from, interval.from);
  const to = Math.min(period.to, interval.to);
  const own = steps.filter(({ at }) => at >= from && at <= to);
  const [first] = own;
  if (first === undefined) return null;
  return {
    from: first.at,
    to: (own.at(-1) as TraceStep).at,
    traces: own.length,
    reached: period.reached,
    continues: period.from < interval.from,
    route: period.route,
  };
}

/**
 * The route periods of an interval, to be stored before its traces expire; oldest first, cut at the
 * ends of the interval.
 */
export function finalizePeriods(
  { test, traces, responders }: FinalizeInput,
  interval: Interval,
): StoredRoutePeriod[] {
  const asnOf = asnLookup(responders);
  const destination = resolveDestination(test.destination.address, traces);
  const steps = buildTraceSteps(traces, destination, asnOf);
  const periods = buildPeriods(steps, buildVariants(steps, destination, asnOf));
  const inside = steps.filter(({ at }) => at >= interval.from && at <= interval.to);
  return periods
    .map((period) => cutPeriod(period, inside, interval))
    .filter((period) => period !== null);
}
