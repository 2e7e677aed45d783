import type { DatabaseSync } from 'node:sqlite';
import { failureReasonOf } from '../../model/trace/failureReason.ts';
import type { Failure, Interval } from '../../model/trace/trace.ts';
import { number, query, text } from '../db/query.ts';

/** Runs of tests that archives report as failed. */
export interface Failures {
  /** Adds failures; a stored failure of the same moment stays. */
  append(test: number, failures: readonly Failure[]): void;
  /** The failures within a window, ascending. */
  read(test: number, window: Interval): Failure[];
  /** Deletes the failures of all tests before a moment. */
  prune(before: number): void;
}

/** Opens the table of failures. */
export function openFailures(database: DatabaseSync): Failures {
  const insert = database.prepare(
    'INSERT OR IGNORE INTO failure (test, at, error) VALUES (?, ?, ?)',
  );
  const selectWithin = query(
    database,
    'SELECT at, error FROM failure WHERE test = ? AND at BETWEEN ? AND ? ORDER BY at',
    { at: number, error: text },
  );
  const deleteBefore = database.prepare('DELETE FROM failure WHERE at < ?');
  return {
    append(test, failures) {
      for (const failure of failures) insert.run(test, failure.at, failure.error);
    },
    read: (test, { from, to }) =>
      selectWithin
        .all(test, from, to)
        .map(({ at, error }) => ({ at, error: failureReasonOf(error) })),
    prune(before) {
      deleteBefore.run(before);
    },
  };
}
