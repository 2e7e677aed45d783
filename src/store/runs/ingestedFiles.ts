import type { DatabaseSync } from 'node:sqlite';

/** Files that runs took in, by their path; the mark of each tells its content and how it was read from another time's. */
export interface IngestedFiles {
  all(): Map<string, string>;
  /** Puts these in place of all. */
  replace(fingerprints: ReadonlyMap<string, string>): void;
}

/** Opens the table of files. */
export function openIngestedFiles(database: DatabaseSync): IngestedFiles {
  const every = database.prepare('SELECT path, fingerprint FROM ingested_file ORDER BY path');
  const clear = database.prepare('DELETE FROM ingested_file');
  const insert = database.prepare('INSERT INTO ingested_file (path, fingerprint) VALUES (?, ?)');
  return {
    all() {
      const rows = every.all() as unknown as { path: string; fingerprint: string }[];
      return new Map(rows.map(({ path, fingerprint }) => [path, fingerprint]));
    },
    replace(fingerprints) {
      clear.run();
      for (const [path, fingerprint] of fingerprints) insert.run(path, fingerprint);
    },
  };
}
