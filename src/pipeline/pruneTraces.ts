import type { Interval } from '../model/trace/trace.ts';
import { daySeconds } from '../model/values/time.ts';
import type { Store } from '../store/store.ts';
import type { Session } from './session.ts';

/** Time without a listing after which a test that never had a result is deleted. */
const emptyTestSeconds = 3 * daySeconds;

/** How long traces stay. */
export interface RetentionLimits {
  readonly retentionSeconds: number;
  /** The trusted reading of the clock before this run, epoch seconds; null for none. */
  readonly trustedBefore: number | null;
}

/**
 * Deletes traces older than `retentionSeconds`, but none within the window, and tests that never
 * had a result. One run must not empty the store: the newest trace counts as the present if it is
 * older than this run, and no run deletes more than a day beyond the one before (`trustedBefore`,
 * epoch seconds).
 */
export function pruneTraces(
  store: Pick<Store, 'tests' | 'prune' | 'deleteEmptyTests'>,
  window: Interval,
  { retentionSeconds, trustedBefore }: RetentionLimits,
  { now, log }: Pick<Session, 'now' | 'log'>,
): void {
  const newest = store.tests().reduce((max, test) => Math.max(max, test.newestTraceAt ?? 0), 0);
  const present = Math.min(now, newest, (trustedBefore ?? now) + daySeconds);
  const until = store.prune(Math.min(present - retentionSeconds, window.from));
  if (until !== null) log.info('old traces deleted', { until });
  const deleted = store.deleteEmptyTests(present - emptyTestSeconds);
  if (deleted > 0) log.info('tests without results deleted', { deleted });
}
