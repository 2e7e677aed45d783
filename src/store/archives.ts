import type { DatabaseSync } from 'node:sqlite';

/** What is remembered of each archive. */
export interface Archives {
  /** Up to when the archive's list of tests has been read, epoch seconds; null before the first time. */
  listedUntil(archive: string): number | null;
  setListedUntil(archive: string, at: number): void;
}

/** Opens the table of archives. */
export function openArchives(database: DatabaseSync): Archives {
  const byId = database.prepare('SELECT listed_until AS at FROM archive WHERE id = ?');
  const upsert = database.prepare(
    `INSERT INTO archive (id, listed_until) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET listed_until = excluded.listed_until`,
  );
  return {
    listedUntil: (archive) => (byId.get(archive) as { at: number } | undefined)?.at ?? null,
    setListedUntil(archive, at) {
      upsert.run(archive, at);
    },
  };
}
