import pLimit from 'p-limit';
import type { Phase } from '../../lib/progress.ts';
import { pluralize } from '../../model/format.ts';
import type { Problem } from '../../model/problem.ts';
import type { ArchiveRun } from '../../model/run.ts';
import type { Archive } from '../../sources/types.ts';
import type { Store } from '../../store/store.ts';
import { toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';
import { findUnlistedTests, listUpdatedTests } from './listTests.ts';
import { type CollectRequest, readTest, sortByGap, type TestReading } from './readTest.ts';

/** A request of an archive that waits until something may be stored. */
export interface AdmittedRequest extends CollectRequest {
  /** Notes that the archive has answered or failed. Rejects if nothing may be stored. */
  admit(): Promise<void>;
}

/** The result of reading an archive. */
export type ArchiveReading = Pick<ArchiveRun, 'ok' | 'testsListed' | 'tracesRead' | 'tracesNew'> & {
  readonly problems: readonly Problem[];
};

/** The result of reading an archive that gives no usable response, apart from its problems. */
export const nothingRead = { ok: false, testsListed: 0, tracesRead: 0, tracesNew: 0 };

/** An archive, and how many of its tests to read at the same time. */
interface TestsSource {
  readonly archive: Archive;
  readonly concurrency: number;
}

/**
 * Reads the tests of an archive and stores their new results. A failed archive or test becomes a
 * problem; the others go on.
 */
export async function readTests(
  { archive, concurrency }: TestsSource,
  store: Store,
  request: AdmittedRequest,
  session: Session,
  progress: Phase,
): Promise<ArchiveReading> {
  try {
    const list = await listUpdatedTests(archive, store, request, session, request.admit);
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
    const problems = [
      ...list.problems,
      ...readings.flatMap((reading) => reading.problems),
      ...budgetProblems(readings),
    ];
    if (list.isComplete) store.setListedUntil(archive.id, request.window.to);
    const ok = readings.length === 0 || readings.some((reading) => reading.complete);
    return { ok, testsListed: list.tests.length, ...sumTraces(readings), problems };
  } catch (error) {
    await request.admit();
    const problems = [toContainedProblem(error, archive.id, session)];
    return { ...nothingRead, problems };
  }
}

/** One problem for all tests that a spent budget leaves unread; empty if there is none. */
function budgetProblems(readings: readonly TestReading[]): Problem[] {
  const errors = readings.flatMap(({ budgetError }) => budgetError ?? []);
  const [first] = errors;
  if (first === undefined) return [];
  const { message, ...facts } = first.toProblem();
  const missing = `Results of ${errors.length} of ${pluralize(readings.length, 'test')} are missing.`;
  return [{ ...facts, message: `${message} ${missing}` }];
}

function sumTraces(readings: readonly TestReading[]): Pick<ArchiveRun, 'tracesRead' | 'tracesNew'> {
  return {
    tracesRead: readings.reduce((sum, reading) => sum + reading.tracesRead, 0),
    tracesNew: readings.reduce((sum, reading) => sum + reading.tracesNew, 0),
  };
}
