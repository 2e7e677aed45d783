import type { DatabaseSync } from 'node:sqlite';
import { query, text } from '../db/query.ts';

/**
 * Fingerprints of the files that runs have ingested, by path: content and the way of reading it.
 */
export interface IngestedFiles {
  all(): Map<string, string>;
  /** Replaces all fingerprints. */
  replace(fingerprints: ReadonlyMap<string, string>): void;
}

/** Opens the table of ingested files. */
export function openIngestedFiles(database: DatabaseSync): IngestedFiles {
  const selectAll = query(database, 'SELECT path, fingerprint FROM ingested_file ORDER BY path', {
    path: text,
    fingerprint: text,
  });
  const clear = database.prepare('DELETE FROM ingested_file');
  const insert = database.prepare('INSERT INTO ingested_file (path, fingerprint) VALUES (?, ?)');
  return {
    all: () => new Map(selectAll.all().map(({ path, fingerprint }) => [path, fingerprint])),
    replace(fingerprints) {
      clear.run();
      for (const [path, fingerprint] of fingerprints) insert.run(path, fingerprint);
    },
  };
}
