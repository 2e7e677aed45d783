import type { Tables } from '../tables.ts';
import { estimateIntervalSeconds } from './estimateInterval.ts';

/**
 * Deletes the traces that start after `now` (epoch seconds), and corrects what tests record about
 * their traces. Part of a transaction.
 */
export function deleteFutureTraces(
  { tests, traces }: Pick<Tables, 'tests' | 'traces'>,
  now: number,
): void {
  const ahead = tests.aheadOf(now);
  if (ahead.length === 0) return;
  traces.deleteAfter(ahead, now);
  for (const test of ahead) {
    const oldestTraceAt = traces.firstStart(test);
    const starts = oldestTraceAt === null ? [] : traces.newestStarts(test, oldestTraceAt, now);
    const newestTraceAt = starts.at(-1) ?? null;
    tests.setExtent(test, { oldestTraceAt, newestTraceAt }, estimateIntervalSeconds(starts));
  }
}
