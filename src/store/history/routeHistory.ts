import type { StoredRoutePeriod } from '../../model/site/analysis.ts';
import type { Interval } from '../../model/trace/trace.ts';
import { daySeconds } from '../../model/values/time.ts';
import type { Tables } from '../tables.ts';
import { spanOf, spanSeconds } from '../traces/chunkSpans.ts';

/** The routes of a test from route periods, whether their traces are still stored or not. */
export interface RouteHistory {
  /** Oldest first; each starts before `until`. */
  readonly periods: readonly StoredRoutePeriod[];
  /** No period covers traces from here on; epoch seconds. */
  readonly until: number;
}

/**
 * Records the route periods of the day that starts at `midnight`, and that periods cover all days
 * up to its end. A day whose traces are deleted keeps its periods: later arrivals are only a part
 * of it.
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
 * Reads the newest `limit` periods of a test before a moment, at which the last one is truncated.
 * `duplicates`: other tests whose traces the periods cover too.
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

/** The part of a period before a moment, as far as stored traces show how much that is. */
function truncatePeriod(
  period: StoredRoutePeriod,
  until: number,
  startsOf: (span: Interval) => number[],
): StoredRoutePeriod {
  const { from, to, traces } = period;
  // The last remaining trace is nearly always in the same chunk as the removed ones.
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
