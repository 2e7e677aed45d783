import type { Problem } from '../../model/problem.ts';
import type { Interval } from '../../model/trace.ts';
import type { Archive, ReadableTest } from '../../sources/types.ts';
import type { Store } from '../../store/store.ts';
import { toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';

/** What is asked of the archives: everything in the window that the store lacks, and the overlap once more. */
export interface CollectRequest {
  readonly window: Interval;
  readonly overlapSeconds: number;
}

/** What reading one test brought. `complete`: everything that was asked for came back. */
export interface TestReading {
  readonly complete: boolean;
  readonly tracesRead: number;
  readonly tracesNew: number;
  readonly problems: readonly Problem[];
}

/** A test, and what the store lacks of it, ascending. */
export interface TestWithGaps<Test extends ReadableTest = ReadableTest> {
  readonly test: Test;
  readonly gaps: readonly Interval[];
}

/**
 * The order in which to read tests: what is behind most comes first. Where one run cannot bring everything, as within a limit of
 * bytes, the next goes on with what the one before did not come to.
 */
export function sortByGap<Test extends ReadableTest>(
  tests: readonly Test[],
  store: Pick<Store, 'missingIntervals'>,
  { window, overlapSeconds }: CollectRequest,
): TestWithGaps<Test>[] {
  const withGaps = tests.map((test) => {
    const gaps = store.missingIntervals(test.id, window, overlapSeconds);
    return { test, gaps, seconds: gaps.reduce((sum, gap) => sum + gap.to - gap.from, 0) };
  });
  return withGaps.sort((a, b) => b.seconds - a.seconds);
}

/**
 * Reads what the store lacks of a test, slice by slice, and stores each slice as it comes. A
 * failure ends the test, not the run: what was stored before it stays.
 */
export async function readTest(
  { test, gaps }: TestWithGaps,
  from: { readonly archive: Archive; readonly store: Store },
  session: Session,
): Promise<TestReading> {
  const { archive, store } = from;
  const problems: Problem[] = [];
  let tracesRead = 0;
  let tracesNew = 0;
  try {
    for (const gap of gaps) {
      for await (const batch of archive.readTraces(test, gap)) {
        session.signal.throwIfAborted();
        tracesRead += batch.traces.length;
        const interval = batch.complete ? batch.interval : null;
        tracesNew += store.batched(() => store.append(test.id, { ...batch, interval })).added;
        problems.push(...batch.problems);
      }
    }
    return { complete: true, tracesRead, tracesNew, problems };
  } catch (error) {
    problems.push(toContainedProblem(error, test.id, session));
    return { complete: false, tracesRead, tracesNew, problems };
  }
}
