import type { DatabaseSync } from 'node:sqlite';
import { number, query, text } from '../db/query.ts';

/** An archive whose list of tests has been read, up to a moment (epoch seconds). */
export interface StoredArchive {
  readonly id: string;
  readonly listedUntil: number;
}

/** How far the archives' lists of tests have been read. */
export interface Archives {
  /** Epoch seconds; null before the first time. */
  listedUntil(archive: string): number | null;
  setListedUntil(archive: string, at: number): void;
  /** Does the same for a new archive only. */
  add(archive: string, at: number): void;
  /** Deletes the times of lists that were read after a moment, so that they are read again. */
  clampFutureTimestamps(after: number): void;
  /** All archives, by id. */
  all(): StoredArchive[];
}

/** Opens the table of archives. */
export function openArchives(database: DatabaseSync): Archives {
  const selectOne = query(database, 'SELECT listed_until FROM archive WHERE id = ?', {
    listed_until: number,
  });
  const selectAll = query(database, 'SELECT id, listed_until FROM archive ORDER BY id', {
    id: text,
    listed_until: number,
  });
  const upsert = database.prepare(
    `INSERT INTO archive (id, listed_until) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET listed_until = excluded.listed_until`,
  );
  const insert = database.prepare('INSERT OR IGNORE INTO archive (id, listed_until) VALUES (?, ?)');
  const deleteLater = database.prepare('DELETE FROM archive WHERE listed_until > ?');
  return {
    listedUntil: (archive) => selectOne.get(archive)?.listed_until ?? null,
    setListedUntil(archive, at) {
      upsert.run(archive, at);
    },
    add(archive, at) {
      insert.run(archive, at);
    },
    clampFutureTimestamps(after) {
      deleteLater.run(after);
    },
    all: () => selectAll.all().map((row) => ({ id: row.id, listedUntil: row.listed_until })),
  };
}
