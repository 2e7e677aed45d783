import { intervalOf } from '../../analysis/window/freshness.ts';
import type { ArchiveRun } from '../../model/run/run.ts';
import { isOverdue } from '../../model/test/overdue.ts';
import type { Interval } from '../../model/trace/trace.ts';
import { localArchive } from '../../sources/mtr/localTest.ts';
import type { Store } from '../../store/store.ts';
import type { StoredTest } from '../../store/traces/storedTest.ts';

/**
 * Whether a run has current results: an archive answered, the run reads no archive, or this host
 * has measured recently.
 */
export function hasFreshResults(
  archives: readonly ArchiveRun[],
  store: Pick<Store, 'tests'>,
  window: Interval,
): boolean {
  if (archives.length === 0 || archives.some(({ ok }) => ok)) return true;
  return store.tests().some((test) => test.archive === localArchive && isFresh(test, window));
}

function isFresh(test: StoredTest, { from, to }: Interval): boolean {
  const { newestTraceAt } = test;
  if (newestTraceAt === null || newestTraceAt < from) return false;
  return !isOverdue(to - newestTraceAt, intervalOf(test));
}
