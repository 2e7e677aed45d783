import type { Interval } from '../model/trace.ts';
import type { Store } from '../store/store.ts';
import type { Session } from './session.ts';

/**
 * Deletes traces older than `retentionSeconds`, but none within the window. If the clock is ahead
 * of the newest trace, that trace counts as the present: one run with a wrong clock must not empty
 * the store.
 */
export function pruneTraces(
  store: Pick<Store, 'tests' | 'prune'>,
  window: Interval,
  retentionSeconds: number,
  { now, log }: Pick<Session, 'now' | 'log'>,
): void {
  const newest = store.tests().reduce((max, test) => Math.max(max, test.newestTraceAt ?? 0), 0);
  const until = store.prune(Math.min(Math.min(now, newest) - retentionSeconds, window.from));
  if (until !== null) log.info('old traces deleted', { until });
}
