import type { Problem } from '../../model/problem.ts';
import type { FilePosition } from './runDocument.ts';

/** Problems of one file that are reported singly; of further ones, only the number is. */
const maxReported = 20;

/** Parts of a file that could not be imported. */
export interface SkippedParts {
  record(message: string, place: FilePosition, remedy?: string): void;
  /**
   * The problems since the last call; at the end of the file also the number of unreported ones.
   */
  takeProblems(isEnd: boolean): Problem[];
}

/** An empty list for the file of this name. */
export function createSkippedParts(file: string): SkippedParts {
  let problems: Problem[] = [];
  let reportedCount = 0;
  let unreportedCount = 0;
  return {
    record(message, { line, byte }, remedy) {
      if (reportedCount >= maxReported) {
        unreportedCount += 1;
        return;
      }
      reportedCount += 1;
      problems.push(
        problem(file, `${file}:${line} (byte ${byte}) skipped: ${message}`, remedy ?? null),
      );
    },
    takeProblems(isEnd) {
      const problemsSinceLast = problems;
      problems = [];
      if (isEnd && unreportedCount > 0) {
        problemsSinceLast.push(
          problem(file, `${file}: ${unreportedCount} more parts skipped`, null),
        );
      }
      return problemsSinceLast;
    },
  };
}

function problem(subject: string, message: string, remedy: string | null): Problem {
  return { kind: 'invalid-response', subject, message, remedy };
}
