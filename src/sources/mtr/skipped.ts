import type { Problem } from '../../model/problem.ts';
import type { Place } from './document.ts';

/** Problems of one file that are told one by one; of more, only the number. */
const mostTold = 20;

/** What of a file could not be taken in. */
export interface Skipped {
  note(message: string, place: Place, remedy?: string): void;
  /** What was noted since the last call; at the end of the file also how much more there was. */
  take(isEnd: boolean): Problem[];
}

/** Nothing skipped yet; `file` is the name to tell. */
export function createSkipped(file: string): Skipped {
  let noted: Problem[] = [];
  let told = 0;
  let untold = 0;
  return {
    note(message, { line, byte }, remedy) {
      if (told >= mostTold) {
        untold += 1;
        return;
      }
      told += 1;
      noted.push(
        problem(file, `${file}:${line} (byte ${byte}) is skipped: ${message}`, remedy ?? null),
      );
    },
    take(isEnd) {
      const taken = noted;
      noted = [];
      if (isEnd && untold > 0) {
        taken.push(problem(file, `${file}: ${untold} more parts are skipped`, null));
      }
      return taken;
    },
  };
}

function problem(subject: string, message: string, remedy: string | null): Problem {
  return { kind: 'invalid-response', subject, message, remedy };
}
