import type { DatabaseSync } from 'node:sqlite';
import type { Silence } from '../../model/alerting/silence.ts';
import { number, query, text } from '../db/query.ts';

/** Silences made on the command line. Times are epoch seconds. */
export interface Silences {
  /** Stores a silence; replaces one with the same id. */
  add(silence: Silence): void;
  /** All silences, by start. */
  list(): Silence[];
  /** Removes a silence; returns false if there is none with that id. */
  remove(id: string): boolean;
  /** Removes the silences that ended before a moment; returns their number. */
  expire(before: number): number;
}

/** Opens the table of silences. */
export function openSilences(database: DatabaseSync): Silences {
  const upsert = database.prepare(
    'INSERT OR REPLACE INTO silence (id, from_at, until_at, body) VALUES (?, ?, ?, ?)',
  );
  const selectAll = query(database, 'SELECT * FROM silence ORDER BY from_at, id', {
    id: text,
    from_at: number,
    until_at: number,
    body: text,
  });
  const deleteOne = database.prepare('DELETE FROM silence WHERE id = ?');
  const deleteEnded = database.prepare('DELETE FROM silence WHERE until_at < ?');
  return {
    add({ id, from, until, ...scope }) {
      upsert.run(id, from, until, JSON.stringify(scope));
    },
    list: () =>
      selectAll.all().map((row) => ({
        id: row.id,
        from: row.from_at,
        until: row.until_at,
        ...(JSON.parse(row.body) as Omit<Silence, 'id' | 'from' | 'until'>),
      })),
    remove: (id) => deleteOne.run(id).changes > 0,
    expire: (before) => Number(deleteEnded.run(before).changes),
  };
}
