import type { DatabaseSync } from 'node:sqlite';
import type { Interval } from '../../model/trace.ts';
import { wholeSeconds } from './intervalArithmetic.ts';

/** What has been read of the archive, test by test. */
export interface Coverage {
  /** Records an interval as read completely. */
  add(test: number, interval: Interval): void;
  /** Everything read so far, ascending, neither overlapping nor touching. */
  intervalsOf(test: number): Interval[];
  /** Takes back, for all tests, that the time before a moment was read. */
  prune(before: number): void;
  /** Takes back, for all tests, what was read later than a moment: what reaches over it ends with the newest trace. */
  clampFutureTimestamps(after: number): void;
}

/** Opens the table of coverage. */
export function openCoverage(database: DatabaseSync): Coverage {
  const every = database.prepare(
    'SELECT from_at AS "from", to_at AS "to" FROM coverage WHERE test = ? ORDER BY from_at',
  );
  const touching = database.prepare(
    `SELECT from_at AS "from", to_at AS "to" FROM coverage
     WHERE test = ? AND from_at <= ? AND to_at >= ?`,
  );
  const insert = database.prepare('INSERT INTO coverage (test, from_at, to_at) VALUES (?, ?, ?)');
  const lengthen = database.prepare('UPDATE coverage SET to_at = ? WHERE test = ? AND from_at = ?');
  const deleteOne = database.prepare('DELETE FROM coverage WHERE test = ? AND from_at = ?');

  const deleteBefore = database.prepare('DELETE FROM coverage WHERE to_at < ?');
  const shorten = database.prepare('UPDATE coverage SET from_at = ?1 WHERE from_at < ?1');
  const cutOff = database.prepare(
    `UPDATE coverage SET to_at = coalesce((SELECT min(CAST(newest_trace_at AS INTEGER), ?1) FROM test
     WHERE number = coverage.test), 0) WHERE to_at > ?1`,
  );
  const removeEmpty = database.prepare('DELETE FROM coverage WHERE to_at < from_at');
  return {
    add(test, interval) {
      const rounded = wholeSeconds(interval);
      if (rounded === null) return;
      const known = touching.all(test, rounded.to + 1, rounded.from - 1) as unknown as Interval[];
      const from = Math.min(rounded.from, ...known.map((part) => part.from));
      const to = Math.max(rounded.to, ...known.map((part) => part.to));
      const [first] = known;
      if (known.length === 1 && first?.from === from) {
        if (to > first.to) lengthen.run(to, test, from);
        return;
      }
      for (const part of known) deleteOne.run(test, part.from);
      insert.run(test, from, to);
    },
    intervalsOf: (test) => every.all(test) as unknown as Interval[],
    prune(before) {
      deleteBefore.run(before);
      shorten.run(before);
    },
    clampFutureTimestamps(after) {
      if (Number(cutOff.run(after).changes) > 0) removeEmpty.run();
    },
  };
}
