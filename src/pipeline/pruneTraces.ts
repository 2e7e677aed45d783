import { daySeconds } from '../model/time.ts';
import type { Interval } from '../model/trace.ts';
import type { Store } from '../store/store.ts';
import type { Session } from './session.ts';

/** How long traces stay. */
export interface RetentionLimits {
  readonly retentionSeconds: number;
  /** The trusted reading of the clock before this run, epoch seconds; null for none. */
  readonly trustedBefore: number | null;
}

/**
 * Deletes traces older than `retentionSeconds`, but none within the window. One run must not empty
 * the store: the newest trace counts as the present if it is older than this run, and no run
 * deletes more than a day beyond the one before (`trustedBefore`, epoch seconds).
 */
export function pruneTraces(
  store: Pick<Store, 'tests' | 'prune'>,
  window: Interval,
  { retentionSeconds, trustedBefore }: RetentionLimits,
  { now, log }: Pick<Session, 'now' | 'log'>,
): void {
  const newest = store.tests().reduce((max, test) => Math.max(max, test.newestTraceAt ?? 0), 0);
  const present = Math.min(now, newest, (trustedBefore ?? now) + daySeconds);
  const until = store.prune(Math.min(present - retentionSeconds, window.from));
  if (until !== null) log.info('old traces deleted', { until });
}
