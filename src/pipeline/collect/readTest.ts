import { type HttpError, isBudgetSpent } from '../../lib/http/httpError.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { Interval } from '../../model/trace/trace.ts';
import type { Archive, ReadableTest } from '../../sources/types.ts';
import type { Store } from '../../store/store.ts';
import { subtract, union } from '../../store/traces/intervalArithmetic.ts';
import { toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';
import type { AddressBudget } from './addressBudget.ts';
import { logFailedRuns } from './logFailedRuns.ts';

/**
 * The results to request from archives: everything in the window that the store lacks, and again
 * the last `overlapSeconds` before.
 */
export interface CollectRequest {
  readonly window: Interval;
  readonly overlapSeconds: number;
  /** Request the whole window again. */
  readonly again?: boolean;
}

/** The result of reading one test. `complete`: the archive returned everything requested. */
export interface TestReading {
  readonly complete: boolean;
  readonly tracesRead: number;
  readonly tracesNew: number;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** The budget of the archive is spent, so that results are missing; null if it is not. */
  readonly budgetError: HttpError | null;
}

/** A test, and the intervals that the store lacks, ascending. */
export interface TestWithGaps<Test extends ReadableTest = ReadableTest> {
  readonly test: Test;
  readonly gaps: readonly Interval[];
}

/**
 * Sorts tests by how much the store lacks of them, most first. If a run cannot read everything, for
 * example because of a byte limit, the next run starts with the rest. `overlap`: how much of the
 * end of a test to read again, seconds.
 */
export function sortByGap<Test extends ReadableTest>(
  tests: readonly Test[],
  store: Pick<Store, 'missingIntervals'>,
  window: Interval,
  overlap: (testId: string) => number,
): TestWithGaps<Test>[] {
  const withGaps = tests.map((test) => {
    const gaps = store.missingIntervals(test.id, window, overlap(test.id));
    return { test, gaps, seconds: gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0) };
  });
  return withGaps.sort((a, b) => b.seconds - a.seconds);
}

/**
 * Reads the gaps of a test slice by slice and stores each slice at once. A failure ends the reading
 * of this test only; stored slices remain.
 */
export async function readTest(
  { test, gaps }: TestWithGaps,
  from: { readonly archive: Archive; readonly store: Store; readonly addresses: AddressBudget },
  session: Session,
): Promise<TestReading> {
  const { archive, store, addresses } = from;
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const read: Interval[] = [];
  let tracesRead = 0;
  let tracesNew = 0;
  try {
    for (const gap of gaps) {
      for await (const answer of archive.readTraces(test, gap)) {
        session.signal.throwIfAborted();
        const batch = addresses.admit(answer);
        tracesRead += batch.traces.length;
        const interval = batch.complete ? batch.interval : null;
        if (interval !== null) read.push(interval);
        tracesNew += store.batched(() => store.append(test.id, { ...batch, interval })).added;
        problems.push(...batch.problems);
        warnings.push(...batch.warnings);
        logFailedRuns(test.id, batch.failures, session.log);
      }
    }
    return { complete: true, tracesRead, tracesNew, problems, warnings, budgetError: null };
  } catch (error) {
    const incomplete = { complete: false, tracesRead, tracesNew, problems, warnings };
    if (isBudgetSpent(error)) return { ...incomplete, budgetError: error };
    problems.push(toContainedProblem(error, test.id, session));
    return { ...incomplete, budgetError: null };
  } finally {
    markMissed(test.id, gaps, read, store);
  }
}

/**
 * Notes the parts of the gaps that were not read. Earlier runs have read the overlap, but results
 * that came later are still missing there; the next run has to ask for it again.
 */
function markMissed(
  testId: string,
  gaps: readonly Interval[],
  read: readonly Interval[],
  store: Pick<Store, 'markUnread'>,
): void {
  for (const missed of gaps.flatMap((gap) => subtract(gap, union(read))))
    store.markUnread([testId], missed);
}
