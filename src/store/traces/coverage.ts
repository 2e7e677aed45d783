import type { DatabaseSync } from 'node:sqlite';
import type { Interval } from '../../model/trace/trace.ts';
import { number, query } from '../db/query.ts';
import { subtract, wholeSeconds } from './intervalArithmetic.ts';

/** The intervals that have been read from the archive, by the number of the test. */
export interface Coverage {
  /** Records that an interval has been read completely. */
  add(test: number, interval: Interval): void;
  /** Records that an interval has to be read again. */
  remove(test: number, interval: Interval): void;
  /** The union of what has been read, ascending. */
  intervalsOf(test: number): Interval[];
  /** Removes the time before a moment, for all tests. */
  prune(before: number): void;
  /**
   * Removes the time after a moment, for all tests; an interval across it ends at the newest trace.
   */
  clampFutureTimestamps(after: number): void;
}

const interval = { from: number, to: number };

/** Opens the table of coverage. */
export function openCoverage(database: DatabaseSync): Coverage {
  const selectAll = query(
    database,
    'SELECT from_at AS "from", to_at AS "to" FROM coverage WHERE test = ? ORDER BY from_at',
    interval,
  );
  const selectTouching = query(
    database,
    `SELECT from_at AS "from", to_at AS "to" FROM coverage
     WHERE test = ? AND from_at <= ? AND to_at >= ?`,
    interval,
  );
  const insert = database.prepare('INSERT INTO coverage (test, from_at, to_at) VALUES (?, ?, ?)');
  const extend = database.prepare('UPDATE coverage SET to_at = ? WHERE test = ? AND from_at = ?');
  const deleteOne = database.prepare('DELETE FROM coverage WHERE test = ? AND from_at = ?');
  const deleteBefore = database.prepare('DELETE FROM coverage WHERE to_at < ?');
  const shorten = database.prepare('UPDATE coverage SET from_at = ?1 WHERE from_at < ?1');
  const cutOff = database.prepare(
    `UPDATE coverage SET to_at = coalesce((SELECT min(CAST(newest_trace_at AS INTEGER), ?1) FROM test
     WHERE number = coverage.test), 0) WHERE to_at > ?1`,
  );
  const deleteEmpty = database.prepare('DELETE FROM coverage WHERE to_at < from_at');
  return {
    add(test, added) {
      const rounded = wholeSeconds(added);
      if (rounded === null) return;
      const touching = selectTouching.all(test, rounded.to + 1, rounded.from - 1);
      const from = Math.min(rounded.from, ...touching.map((part) => part.from));
      const to = Math.max(rounded.to, ...touching.map((part) => part.to));
      const [first] = touching;
      if (touching.length === 1 && first?.from === from) {
        if (to > first.to) extend.run(to, test, from);
        return;
      }
      for (const part of touching) deleteOne.run(test, part.from);
      insert.run(test, from, to);
    },
    remove(test, removed) {
      for (const part of selectTouching.all(test, removed.to, removed.from)) {
        deleteOne.run(test, part.from);
        for (const rest of subtract(part, [removed])) insert.run(test, rest.from, rest.to);
      }
    },
    intervalsOf: (test) => selectAll.all(test),
    prune(before) {
      deleteBefore.run(before);
      shorten.run(before);
    },
    clampFutureTimestamps(after) {
      if (Number(cutOff.run(after).changes) > 0) deleteEmpty.run();
    },
  };
}
