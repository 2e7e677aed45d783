import pLimit from 'p-limit';
import type { Phase } from '../../lib/progress.ts';
import type { Archive } from '../../sources/types.ts';
import type { Store } from '../../store/store.ts';
import { toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';
import { createAddressBudget } from './addressBudget.ts';
import {
  type AdmittedRequest,
  type ArchiveReading,
  budgetProblems,
  nothingRead,
  sumTraces,
} from './archiveReading.ts';
import { doubtCommonStart } from './commonStart.ts';
import { findUnlistedTests, listUpdatedTests } from './listTests.ts';
import { overlapOf } from './lookBack.ts';
import { readTest, sortByGap } from './readTest.ts';

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
    const { window, overlapSeconds } = request;
    const since = store.listedUntil(archive.id);
    const tests = sortByGap([...list.tests, ...unlistedTests], store, window, (id) =>
      overlapOf(id, overlapSeconds, since, window),
    );
    progress.addTotal(tests.length);
    const addresses = createAddressBudget(archive.id, store, session.now);
    const limit = pLimit(concurrency);
    const readings = await limit.map(tests, async (test) => {
      session.signal.throwIfAborted();
      const reading = await readTest(test, { archive, store, addresses }, session);
      progress.advance();
      return reading;
    });
    const problems = [
      ...list.problems,
      ...readings.flatMap((reading) => reading.problems),
      ...budgetProblems(readings),
      ...addresses.problems(),
    ];
    addresses.save();
    const warnings = [
      ...readings.flatMap((reading) => reading.warnings),
      ...(list.mayHideResults ? doubtCommonStart(archive.id, store, window) : []),
    ];
    if (list.isComplete) store.setListedUntil(archive.id, window.to);
    const ok = readings.length === 0 || readings.some((reading) => reading.complete);
    return { ok, testsListed: list.tests.length, ...sumTraces(readings), problems, warnings };
  } catch (error) {
    await request.admit();
    const problems = [toContainedProblem(error, archive.id, session)];
    return { ...nothingRead, problems };
  }
}
