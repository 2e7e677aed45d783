import type { DatabaseSync } from 'node:sqlite';

/** What is remembered of each archive. */
export interface Archives {
  /** Up to when the archive's list of tests has been read, epoch seconds; null before the first time. */
  listedUntil(archive: string): number | null;
  setListedUntil(archive: string, at: number): void;
  /** As `setListedUntil`, for an archive of which nothing is known yet. */
  add(archive: string, at: number): void;
  /** Forgets the lists that were read later than a moment. */
  clampFutureTimestamps(after: number): void;
  /** All that are known, by id. */
  all(): { id: string; listedUntil: number }[];
}

/** Opens the table of archives. */
export function openArchives(database: DatabaseSync): Archives {
  const byId = database.prepare('SELECT listed_until AS at FROM archive WHERE id = ?');
  const upsert = database.prepare(
    `INSERT INTO archive (id, listed_until) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET listed_until = excluded.listed_until`,
  );
  const add = database.prepare('INSERT OR IGNORE INTO archive (id, listed_until) VALUES (?, ?)');
  const deleteLater = database.prepare('DELETE FROM archive WHERE listed_until > ?');
  const every = database.prepare('SELECT id, listed_until AS listedUntil FROM archive ORDER BY id');
  return {
    listedUntil: (archive) => (byId.get(archive) as { at: number } | undefined)?.at ?? null,
    setListedUntil(archive, at) {
      upsert.run(archive, at);
    },
    add(archive, at) {
      add.run(archive, at);
    },
    clampFutureTimestamps(after) {
      deleteLater.run(after);
    },
    all: () =>
      (every.all() as unknown as { id: string; listedUntil: number }[]).map((row) => ({ ...row })),
  };
}
