import type { Problem } from '../model/problem.ts';
import type { Interval } from '../model/trace.ts';
import type { Archive } from '../sources/esmond/archive.ts';
import type { ReadableTest } from '../sources/esmond/contract.ts';
import type { Store } from '../store/store.ts';
import { containedProblem } from './problems.ts';
import type { Session } from './session.ts';

/** What reading one test brought. `complete`: everything that was asked for came back. */
export interface TestReading {
  readonly complete: boolean;
  readonly tracesRead: number;
  readonly tracesNew: number;
  readonly problems: readonly Problem[];
}

/**
 * Reads what the store lacks of a test within the window, slice by slice, and stores each slice as it comes. A
 * failure ends the test, not the run: what was stored before it stays.
 */
export async function readTest(
  test: ReadableTest,
  from: { readonly archive: Archive; readonly store: Store },
  wanted: { readonly window: Interval; readonly overlapSeconds: number },
  session: Session,
): Promise<TestReading> {
  const { archive, store } = from;
  const problems: Problem[] = [];
  let tracesRead = 0;
  let tracesNew = 0;
  try {
    for (const gap of store.missing(test.id, wanted.window, wanted.overlapSeconds)) {
      for await (const batch of archive.readTraces(test, gap)) {
        session.signal.throwIfAborted();
        tracesRead += batch.traces.length;
        tracesNew += store.append(test.id, batch).added;
        problems.push(...batch.problems);
      }
    }
    return { complete: true, tracesRead, tracesNew, problems };
  } catch (error) {
    problems.push(containedProblem(error, test.id, session));
    return { complete: false, tracesRead, tracesNew, problems };
  }
}
