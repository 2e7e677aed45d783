import type { DatabaseSync } from 'node:sqlite';
import type { Acceptance } from '../../model/change/acceptance.ts';
import { nullable, number, query, text } from '../db/query.ts';

/**
 * The changes that operators have accepted. The detection does not know of them: it processes late
 * results from earlier states again, and an acceptance must outlast that.
 */
export interface Acceptances {
  /** Stores one; replaces an earlier one of the same change. */
  add(acceptance: Acceptance): void;
  /** Deletes that of a change, if there is one. */
  remove(changeId: string): void;
  /** All acceptances, oldest first. */
  list(): Acceptance[];
}

/** Opens the table of acceptances. */
export function openAcceptances(database: DatabaseSync): Acceptances {
  const upsert = database.prepare(
    'INSERT OR REPLACE INTO acceptance (change, at, made_by, note) VALUES (?, ?, ?, ?)',
  );
  const deleteOne = database.prepare('DELETE FROM acceptance WHERE change = ?');
  const selectAll = query(database, 'SELECT * FROM acceptance ORDER BY at, change', {
    change: text,
    at: number,
    made_by: nullable(text),
    note: nullable(text),
  });
  return {
    add({ changeId, at, by, note }) {
      upsert.run(changeId, at, by, note);
    },
    remove(changeId) {
      deleteOne.run(changeId);
    },
    list: () =>
      selectAll.all().map((row) => ({
        changeId: row.change,
        at: row.at,
        by: row.made_by,
        note: row.note,
      })),
  };
}
