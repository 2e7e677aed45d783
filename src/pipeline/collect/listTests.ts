import { isOverdue } from '../../model/test/overdue.ts';
import type { Interval } from '../../model/trace/trace.ts';
import type { Archive, TestDescription, TestList } from '../../sources/types.ts';
import type { Store } from '../../store/store.ts';
import type { StoredTest } from '../../store/traces/storedTest.ts';
import { allRunsLimit } from '../runRecord.ts';
import type { Session } from '../session.ts';
import { createAdmission } from './admitTests.ts';
import { listingWindow } from './listingWindow.ts';
import type { CollectRequest } from './readTest.ts';

/**
 * Reads the part of the archive's test list that may have changed, and stores its tests after
 * `admit` has let it pass.
 */
export async function listUpdatedTests(
  archive: Archive,
  store: Store,
  { window, overlapSeconds, again = false }: CollectRequest,
  session: Session,
  admit: () => Promise<void>,
): Promise<TestList> {
  const listing = listingWindow(window, {
    archive: archive.id,
    listedUntil: again ? null : store.listedUntil(archive.id),
    runs: store.runs(allRunsLimit),
    overlapSeconds,
  });
  const list = await archive.listTests(listing);
  await admit();
  session.signal.throwIfAborted();
  const admission = createAdmission(archive.id, store);
  const tests = admission.admit(list.tests);
  store.upsertTests(tests, session.now);
  // Nothing new since the last run is no problem; nothing in the whole window is.
  const isPartial = listing.from > window.from;
  const problems = list.problems.filter(({ kind }) => !(isPartial && kind === 'not-found'));
  return { ...list, tests, problems: [...problems, ...admission.problems()] };
}

/** Stored tests that the list lacks but that may have results to read. */
export function findUnlistedTests(
  { id }: Archive,
  store: Store,
  listed: readonly TestDescription[],
  window: Interval,
): StoredTest[] {
  const listedIds = new Set(listed.map((test) => test.id));
  return store
    .tests()
    .filter((test) => test.archive === id && !listedIds.has(test.id))
    .filter((test) => isResultDue(test, window) || hasUnreadResults(test, store, window));
}

/**
 * Whether the window lacks a result. esmond drops a test that only fails from the list but goes on
 * storing its failures.
 */
function isResultDue({ newestTraceAt, intervalSeconds }: StoredTest, window: Interval): boolean {
  if (newestTraceAt === null) return false;
  if (newestTraceAt < window.from || intervalSeconds === null) return false;
  return isOverdue(window.to - newestTraceAt, intervalSeconds);
}

/**
 * Whether earlier runs failed to read results from before the test was last listed. A list names
 * only tests with newer results.
 */
function hasUnreadResults(
  { id, lastListedAt }: StoredTest,
  store: Store,
  window: Interval,
): boolean {
  const listedWindow = { from: window.from, to: Math.min(window.to, lastListedAt) };
  return (
    listedWindow.from <= listedWindow.to && store.missingIntervals(id, listedWindow, 0).length > 0
  );
}
