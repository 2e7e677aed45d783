import type { DatabaseSync } from 'node:sqlite';
import type { Failure, Interval } from '../../model/trace.ts';

/** Runs that archives report as failed. */
export interface Failures {
  /** Adds failures; a second one of the same moment changes nothing. */
  append(test: number, failures: readonly Failure[]): void;
  /** Failures within the window, ascending. */
  read(test: number, window: Interval): Failure[];
  /** Deletes the failures of all tests before a moment. */
  prune(before: number): void;
}

/** Opens the table of failures. */
export function openFailures(database: DatabaseSync): Failures {
  const insert = database.prepare(
    'INSERT OR IGNORE INTO failure (test, at, error) VALUES (?, ?, ?)',
  );
  const within = database.prepare(
    'SELECT at, error FROM failure WHERE test = ? AND at BETWEEN ? AND ? ORDER BY at',
  );
  const deleteBefore = database.prepare('DELETE FROM failure WHERE at < ?');
  return {
    append(test, failures) {
      for (const failure of failures) insert.run(test, failure.at, failure.error);
    },
    read(test, window) {
      const rows = within.all(test, window.from, window.to) as unknown as Failure[];
      return rows.map(({ at, error }) => ({ at, error }));
    },
    prune(before) {
      deleteBefore.run(before);
    },
  };
}
