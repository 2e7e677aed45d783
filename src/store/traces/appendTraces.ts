import type { Trace } from '../../model/trace/trace.ts';
import { midnightOf } from '../../model/values/time.ts';
import type { Tables } from '../tables.ts';
import { estimateIntervalSeconds } from './estimateInterval.ts';
import type { TestEntry } from './tests.ts';

/**
 * Adds traces to a test and updates what the test records about them. Runs within a transaction of
 * the caller. Returns the number of new traces.
 */
export function appendTraces(
  { traces, tests, finalized, lateArrivals }: Tables,
  test: TestEntry,
  incoming: readonly Trace[],
): number {
  const starts = traces.append(test.number, incoming).map((trace) => trace.startedAt);
  if (starts.length === 0) return 0;
  const earliest = starts.reduce((a, b) => Math.min(a, b));
  const oldestTraceAt = Math.min(earliest, test.oldestTraceAt ?? Infinity);
  const newestTraceAt = starts.reduce((a, b) => Math.max(a, b), test.newestTraceAt ?? 0);
  const newest = traces.newestStarts(test.number, oldestTraceAt, newestTraceAt);
  tests.setExtent(test.number, { oldestTraceAt, newestTraceAt }, estimateIntervalSeconds(newest));
  if (earliest < (test.newestTraceAt ?? earliest))
    lateArrivals.recordLateTrace(test.number, earliest);
  if (test.finalizedUntil !== null && earliest < test.finalizedUntil)
    finalized.setFinalizedUntil(test.number, midnightOf(earliest));
  return starts.length;
}
