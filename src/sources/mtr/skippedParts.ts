import { type ForeignText, foreignText } from '../../model/run/foreignText.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { ImportFile } from './importFacts.ts';
import type { FilePosition } from './runDocument.ts';

/** Problems of one file that are reported singly; of further ones, only the number is. */
const maxReported = 20;

/** More about a fault: the remedy, and words of the file. */
export interface FaultFacts {
  readonly remedy?: string | null;
  readonly detail?: string | undefined;
}

/** Parts of a file that could not be imported. */
export interface SkippedParts {
  record(message: string, place: FilePosition, facts?: FaultFacts): void;
  /**
   * The problems since the last call; at the end of the file also the number of unreported ones.
   */
  takeProblems(isEnd: boolean): Problem[];
}

/** An empty list for a file. If its name is from others, it is part of the details only. */
export function createSkippedParts({
  name,
  label,
}: Pick<ImportFile, 'name' | 'label'>): SkippedParts {
  const subject = label ?? name;
  const file = subject === name ? name : `a file of ${subject}`;
  const detailOf = (words: string | undefined): ForeignText | null =>
    foreignText([...(subject === name ? [] : [name]), ...(words ? [words] : [])].join(': '));
  let problems: Problem[] = [];
  let reportedCount = 0;
  let unreportedCount = 0;
  return {
    record(message, { line, byte }, { remedy = null, detail } = {}) {
      if (reportedCount >= maxReported) {
        unreportedCount += 1;
        return;
      }
      reportedCount += 1;
      problems.push({
        ...problem(subject, `${file}:${line} (byte ${byte}) skipped: ${message}`),
        remedy,
        detail: detailOf(detail),
      });
    },
    takeProblems(isEnd) {
      const problemsSinceLast = problems;
      problems = [];
      if (isEnd && unreportedCount > 0) {
        problemsSinceLast.push(problem(subject, `${file}: ${unreportedCount} more parts skipped`));
      }
      return problemsSinceLast;
    },
  };
}

function problem(subject: string, message: string): Problem {
  return { kind: 'invalid-response', subject, message, remedy: null };
}
