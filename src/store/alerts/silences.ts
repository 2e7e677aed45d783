import type { DatabaseSync } from 'node:sqlite';
import type { Silence } from '../../model/silence.ts';

/** Silences made by hand. Times are epoch seconds. */
export interface Silences {
  /** Keeps a silence; one of the same id is replaced. */
  add(silence: Silence): void;
  /** All that are kept, by their beginning. */
  list(): Silence[];
  /** Takes one away, as if it had never been; false when there is none of that id. */
  remove(id: string): boolean;
  /** Forgets those that ended before a moment; returns how many. */
  expire(before: number): number;
}

interface SilenceRow {
  readonly id: string;
  readonly from_at: number;
  readonly until_at: number;
  readonly body: string;
}

/** Opens the table of silences. */
export function openSilences(database: DatabaseSync): Silences {
  const add = database.prepare(
    'INSERT OR REPLACE INTO silence (id, from_at, until_at, body) VALUES (?, ?, ?, ?)',
  );
  const every = database.prepare('SELECT * FROM silence ORDER BY from_at, id');
  const remove = database.prepare('DELETE FROM silence WHERE id = ?');
  const expire = database.prepare('DELETE FROM silence WHERE until_at < ?');
  return {
    add({ id, from, until, ...scope }) {
      add.run(id, from, until, JSON.stringify(scope));
    },
    list: () => (every.all() as unknown as SilenceRow[]).map(silenceOf),
    remove: (id) => remove.run(id).changes > 0,
    expire: (before) => Number(expire.run(before).changes),
  };
}

function silenceOf({ id, from_at: from, until_at: until, body }: SilenceRow): Silence {
  return { id, from, until, ...(JSON.parse(body) as Omit<Silence, 'id' | 'from' | 'until'>) };
}
