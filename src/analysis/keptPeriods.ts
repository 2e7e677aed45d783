import type { KeptPeriod, RoutePeriod } from '../model/analysis.ts';
import type { Test } from '../model/test.ts';
import type { Interval, Responder, Trace } from '../model/trace.ts';
import { asnLookup } from './asPath.ts';
import { destinationOf, type Step, stepsOf } from './steps.ts';
import { periodsOf, variantsOf } from './variants.ts';

/** What the route periods of a span are told from. */
export interface KeptInput {
  readonly test: Test;
  /** Ascending; those before the span tell load sharing from changes, and which period goes on. */
  readonly traces: readonly Trace[];
  readonly responders: ReadonlyMap<string, Responder>;
}

/** The part of a period within a span; null when it has no trace there. */
function cut(period: RoutePeriod, steps: readonly Step[], span: Interval): KeptPeriod | null {
  const from = Math.max(period.from, span.from);
  const to = Math.min(period.to, span.to);
  const own = steps.filter(({ at }) => at >= from && at <= to);
  const [first] = own;
  if (first === undefined) return null;
  return {
    from: first.at,
    to: (own.at(-1) as Step).at,
    traces: own.length,
    reached: period.reached,
    continues: period.from < span.from,
    route: period.route,
  };
}

/** The route periods of a span, to be kept when its traces are gone; oldest first, cut at the ends of the span. */
export function keptPeriods({ test, traces, responders }: KeptInput, span: Interval): KeptPeriod[] {
  const asnOf = asnLookup(responders);
  const destination = destinationOf(test.destination.address, traces);
  const steps = stepsOf(traces, destination, asnOf);
  const periods = periodsOf(steps, variantsOf(steps, destination, asnOf));
  const inside = steps.filter(({ at }) => at >= span.from && at <= span.to);
  return periods.map((period) => cut(period, inside, span)).filter((period) => period !== null);
}
