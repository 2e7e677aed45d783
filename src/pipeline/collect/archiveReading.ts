import type { Problem } from '../../model/run/problem.ts';
import type { ArchiveRun } from '../../model/run/run.ts';
import { pluralize } from '../../model/values/format.ts';
import type { CollectRequest, TestReading } from './readTest.ts';

/** A request of an archive that waits until something may be stored. */
export interface AdmittedRequest extends CollectRequest {
  /** Notes that the archive has answered or failed. Rejects if nothing may be stored. */
  admit(): Promise<void>;
}

/** The result of reading an archive. */
export type ArchiveReading = Pick<ArchiveRun, 'ok' | 'testsListed' | 'tracesRead' | 'tracesNew'> & {
  readonly problems: readonly Problem[];
  /** Reported once, as long as they last. */
  readonly warnings: readonly Problem[];
};

/** The result of reading an archive that gives no usable response, apart from its problems. */
export const nothingRead = { ok: false, testsListed: 0, tracesRead: 0, tracesNew: 0, warnings: [] };

/** One problem for all tests that a spent budget leaves unread; empty if there is none. */
export function budgetProblems(readings: readonly TestReading[]): Problem[] {
  const errors = readings.flatMap(({ budgetError }) => budgetError ?? []);
  const [first] = errors;
  if (first === undefined) return [];
  const { message, ...facts } = first.toProblem();
  const missing = `Results of ${errors.length} of ${pluralize(readings.length, 'test')} are missing.`;
  return [{ ...facts, message: `${message} ${missing}` }];
}

/** The traces of all tests. */
export function sumTraces(
  readings: readonly TestReading[],
): Pick<ArchiveRun, 'tracesRead' | 'tracesNew'> {
  return {
    tracesRead: readings.reduce((sum, reading) => sum + reading.tracesRead, 0),
    tracesNew: readings.reduce((sum, reading) => sum + reading.tracesNew, 0),
  };
}
