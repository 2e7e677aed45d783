import type { KeptPeriod } from '../model/analysis.ts';
import type { Interval } from '../model/trace.ts';
import { daySeconds } from './days.ts';
import { spanOf, spanSeconds } from './spans.ts';
import type { Tables } from './tables.ts';

/** What is known of a test's routes from route periods, whether their traces are still there or not. */
export interface History {
  /** Oldest first; each starts before `until`. */
  readonly periods: readonly KeptPeriod[];
  /** Traces from here on are told by no period; epoch seconds. */
  readonly until: number;
}

/**
 * Records the route periods of one day, which begins at `midnight`, and that all days before are told. A day whose traces
 * were deleted keeps the periods that it has: what came in later, if anything, is but a part of it.
 */
export function settle(
  { tests, settled, periods, transaction }: Tables,
  testId: string,
  midnight: number,
  told: readonly KeptPeriod[],
): void {
  const day = { from: midnight, to: midnight + daySeconds };
  transaction(() => {
    const test = tests.find(testId);
    const final = midnight < (test.forgottenUntil ?? 0) && periods.touches(test.number, day);
    if (!final) periods.replace(test.number, day, told);
    settled.settle(test.number, day.to);
  });
}

/**
 * The newest `limit` periods of a test before a moment, at which the last of them is cut. `twins`: other tests whose traces
 * the periods tell of too.
 */
export function historyBefore(
  { tests, periods, traces }: Tables,
  testId: string,
  before: number,
  limit: number,
  twins: readonly string[],
): History {
  const test = tests.find(testId);
  const until = Math.min(before, test.settledUntil ?? test.oldestTraceAt ?? before);
  const told = periods.startingBefore(test.number, until, limit);
  const last = told.at(-1);
  if (last !== undefined && last.to >= until) {
    const numbers = [test, ...twins.map(tests.find)].map(({ number }) => number);
    const startsOf = (span: Interval) => {
      const all = numbers.flatMap((number) => traces.read(number, span));
      return [...new Set(all.map(({ startedAt }) => startedAt))].sort((a, b) => a - b);
    };
    told[told.length - 1] = cut(last, until, startsOf);
  }
  return { periods: told, until };
}

/** The part of a period before a moment, as long as its traces tell how much that is. */
function cut(
  period: KeptPeriod,
  until: number,
  startsOf: (span: Interval) => number[],
): KeptPeriod {
  const { from, to, traces } = period;
  // The last one left is nearly always in the same row as those that go.
  const near = Math.max(from, spanOf(until) * spanSeconds);
  const starts = startsOf({ from: near, to });
  const gone = starts.filter((at) => at >= until).length;
  if (gone === 0) return period;
  const left =
    starts[starts.length - gone - 1] ??
    startsOf({ from: Math.max(from, until - daySeconds), to: near }).findLast((at) => at < until);
  return { ...period, to: left ?? from, traces: Math.max(1, traces - gone) };
}
