import type { Problem } from '../../model/problem.ts';
import type { FilePosition } from './runDocument.ts';

/** Problems of one file that are told one by one; of more, only the number. */
const maxReported = 20;

/** What of a file could not be taken in. */
export interface SkippedParts {
  record(message: string, place: FilePosition, remedy?: string): void;
  /** What was noted since the last call; at the end of the file also how much more there was. */
  takeProblems(isEnd: boolean): Problem[];
}

/** Nothing skipped yet; `file` is the name to tell. */
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
        problem(file, `${file}:${line} (byte ${byte}) is skipped: ${message}`, remedy ?? null),
      );
    },
    takeProblems(isEnd) {
      const problemsSinceLast = problems;
      problems = [];
      if (isEnd && unreportedCount > 0) {
        problemsSinceLast.push(
          problem(file, `${file}: ${unreportedCount} more parts are skipped`, null),
        );
      }
      return problemsSinceLast;
    },
  };
}

function problem(subject: string, message: string, remedy: string | null): Problem {
  return { kind: 'invalid-response', subject, message, remedy };
}
