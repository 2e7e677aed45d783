import pLimit from 'p-limit';
import type { Phase } from '../../lib/progress.ts';
import { isOverdue } from '../../model/overdue.ts';
import type { Problem } from '../../model/problem.ts';
import type { ArchiveRun } from '../../model/run.ts';
import type { Interval } from '../../model/trace.ts';
import type { Archive, TestDescription, TestList } from '../../sources/types.ts';
import type { Store } from '../../store/store.ts';
import type { StoredTest } from '../../store/traces/tests.ts';
import { mergeAlike, toContainedProblem } from '../problems.ts';
import type { ArchiveSource } from '../runContext.ts';
import { allRunsLimit } from '../runRecord.ts';
import type { Session } from '../session.ts';
import { listingWindow } from './listingWindow.ts';
import { type CollectRequest, readTest, sortByGap, type TestReading } from './readTest.ts';

/** The record of reading one archive, and its problems. */
export interface ArchiveResult {
  readonly record: ArchiveRun;
  readonly problems: readonly Problem[];
}

/**
 * Reads all archives at the same time and stores their new results. A failed archive or test
 * becomes a problem; the others go on. An error of the store or an interruption aborts all reading
 * and is thrown.
 */
export async function collectArchives(
  sources: readonly ArchiveSource[],
  store: Store,
  request: CollectRequest,
  session: Session,
): Promise<ArchiveResult[]> {
  const archiveProgress = session.progress.phase('archives', sources.length);
  const testProgress = session.progress.phase('tests', 0);
  const failure = new AbortController();
  const signal = AbortSignal.any([session.signal, failure.signal]);
  const abortAll = (error: unknown): never => {
    failure.abort(error);
    throw error;
  };
  const results = await Promise.all(
    sources.map(async (source) => {
      const startedAt = performance.now();
      const { problems, ...reading } = await readArchive(
        source,
        store,
        request,
        { ...session, signal },
        testProgress,
      ).catch(abortAll);
      archiveProgress.advance();
      const record = {
        archive: source.archive.id,
        url: source.archive.url,
        ...reading,
        ...source.archive.counters,
        seconds: Math.round(performance.now() - startedAt) / 1000,
      };
      session.log.info('archive read', record);
      return { record, problems: mergeAlike(problems) };
    }),
  );
  store.commitBatch();
  return results;
}

type ArchiveReading = Pick<ArchiveRun, 'ok' | 'testsListed' | 'tracesRead' | 'tracesNew'> & {
  readonly problems: readonly Problem[];
};

async function readArchive(
  { archive, concurrency }: ArchiveSource,
  store: Store,
  request: CollectRequest,
  session: Session,
  progress: Phase,
): Promise<ArchiveReading> {
  try {
    const list = await listUpdatedTests(archive, store, request, session);
    const unlistedTests = findUnlistedTests(archive, store, list.tests, request.window);
    const tests = sortByGap([...list.tests, ...unlistedTests], store, request);
    progress.addTotal(tests.length);
    const limit = pLimit(concurrency);
    const readings = await limit.map(tests, async (test) => {
      session.signal.throwIfAborted();
      const reading = await readTest(test, { archive, store }, session);
      progress.advance();
      return reading;
    });
    const problems = [...list.problems, ...readings.flatMap((reading) => reading.problems)];
    if (list.isComplete) store.setListedUntil(archive.id, request.window.to);
    const ok = readings.length === 0 || readings.some((reading) => reading.complete);
    return { ok, testsListed: list.tests.length, ...sumTraces(readings), problems };
  } catch (error) {
    const problems = [toContainedProblem(error, archive.id, session)];
    return { ok: false, testsListed: 0, tracesRead: 0, tracesNew: 0, problems };
  }
}

/** Reads the part of the archive's test list that may have changed, and stores its tests. */
async function listUpdatedTests(
  archive: Archive,
  store: Store,
  { window, overlapSeconds }: CollectRequest,
  session: Session,
): Promise<TestList> {
  const listing = listingWindow(window, {
    archive: archive.id,
    listedUntil: store.listedUntil(archive.id),
    runs: store.runs(allRunsLimit),
    overlapSeconds,
  });
  const list = await archive.listTests(listing);
  session.signal.throwIfAborted();
  store.upsertTests(list.tests, session.now);
  // Nothing new since the last run is no problem; nothing in the whole window is.
  const isPartial = listing.from > window.from;
  const problems = list.problems.filter(({ kind }) => !(isPartial && kind === 'not-found'));
  return { ...list, problems };
}

/** Stored tests that the list lacks but that may have results to read. */
function findUnlistedTests(
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

function sumTraces(readings: readonly TestReading[]): Pick<ArchiveRun, 'tracesRead' | 'tracesNew'> {
  return {
    tracesRead: readings.reduce((sum, reading) => sum + reading.tracesRead, 0),
    tracesNew: readings.reduce((sum, reading) => sum + reading.tracesNew, 0),
  };
}
