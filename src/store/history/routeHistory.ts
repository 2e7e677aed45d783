import type { StoredRoutePeriod } from '../../model/analysis.ts';
import { daySeconds } from '../../model/time.ts';
import type { Interval } from '../../model/trace.ts';
import type { Tables } from '../db/tables.ts';
import { spanOf, spanSeconds } from '../traces/chunkSpans.ts';

/** What is known of a test's routes from route periods, whether their traces are still there or not. */
export interface RouteHistory {
  /** Oldest first; each starts before `until`. */
  readonly periods: readonly StoredRoutePeriod[];
  /** Traces from here on are told by no period; epoch seconds. */
  readonly until: number;
}

/**
 * Records the route periods of one day, which begins at `midnight`, and that all days before are told. A day whose traces
 * were deleted keeps the periods that it has: what came in later, if anything, is but a part of it.
 */
export function finalizeDay(
  { tests, finalized, routePeriods, transaction }: Tables,
  testId: string,
  midnight: number,
  dayPeriods: readonly StoredRoutePeriod[],
): void {
  const day = { from: midnight, to: midnight + daySeconds };
  transaction(() => {
    const test = tests.find(testId);
    const isFinal = midnight < (test.prunedUntil ?? 0) && routePeriods.overlaps(test.number, day);
    if (!isFinal) routePeriods.replace(test.number, day, dayPeriods);
    finalized.setFinalizedUntil(test.number, day.to);
  });
}

/**
 * The newest `limit` periods of a test before a moment, at which the last of them is cut. `twins`: other tests whose traces
 * the periods tell of too.
 */
export function readRouteHistory(
  { tests, routePeriods, traces }: Tables,
  testId: string,
  before: number,
  limit: number,
  duplicates: readonly string[],
): RouteHistory {
  const test = tests.find(testId);
  const until = Math.min(before, test.finalizedUntil ?? test.oldestTraceAt ?? before);
  const stored = routePeriods.startingBefore(test.number, until, limit);
  const last = stored.at(-1);
  if (last !== undefined && last.to >= until) {
    const numbers = [test, ...duplicates.map(tests.find)].map(({ number }) => number);
    const startsOf = (span: Interval) => {
      const all = numbers.flatMap((number) => traces.read(number, span));
      return [...new Set(all.map(({ startedAt }) => startedAt))].sort((a, b) => a - b);
    };
    stored[stored.length - 1] = truncatePeriod(last, until, startsOf);
  }
  return { periods: stored, until };
}

/** The part of a period before a moment, as long as its traces tell how much that is. */
function truncatePeriod(
  period: StoredRoutePeriod,
  until: number,
  startsOf: (span: Interval) => number[],
): StoredRoutePeriod {
  const { from, to, traces } = period;
  // The last one left is nearly always in the same row as those that go.
  const searchFrom = Math.max(from, spanOf(until) * spanSeconds);
  const starts = startsOf({ from: searchFrom, to });
  const removedCount = starts.filter((at) => at >= until).length;
  if (removedCount === 0) return period;
  const lastStart =
    starts[starts.length - removedCount - 1] ??
    startsOf({ from: Math.max(from, until - daySeconds), to: searchFrom }).findLast(
      (at) => at < until,
    );
  return { ...period, to: lastStart ?? from, traces: Math.max(1, traces - removedCount) };
}
