import pLimit from 'p-limit';
import type { Phase } from '../../lib/progress.ts';
import type { Problem } from '../../model/problem.ts';
import type { ArchiveRun } from '../../model/run.ts';
import type { Store } from '../../store/store.ts';
import { mergeAlike, toContainedProblem } from '../problems.ts';
import type { ArchiveSource } from '../runContext.ts';
import type { Session } from '../session.ts';
import { findUnlistedTests, listUpdatedTests } from './listTests.ts';
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

function sumTraces(readings: readonly TestReading[]): Pick<ArchiveRun, 'tracesRead' | 'tracesNew'> {
  return {
    tracesRead: readings.reduce((sum, reading) => sum + reading.tracesRead, 0),
    tracesNew: readings.reduce((sum, reading) => sum + reading.tracesNew, 0),
  };
}
