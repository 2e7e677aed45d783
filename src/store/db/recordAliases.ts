import type { DatabaseSync } from 'node:sqlite';
import { unpackJson } from './packedJson.ts';
import { bytes, query, text } from './query.ts';
import { isCorruption } from './storeFailure.ts';

/** Records the names that addresses had before the present ones, as far as the store has them. */
export function recordAliases(database: DatabaseSync): void {
  const versions = query(database, "SELECT id, body FROM past_version WHERE kind = 'responder'", {
    id: text,
    body: bytes,
  });
  const insert = database.prepare('INSERT OR IGNORE INTO alias VALUES (?, ?)');
  for (const { id, body } of versions.all()) {
    const hostname = hostnameIn(body);
    // The id of a statement is the address, and its origin behind a line break.
    if (hostname !== null) insert.run(id.split('\n', 1)[0] ?? id, hostname);
  }
}

/** The name in an earlier version of a responder; null for none, and for a damaged version. */
function hostnameIn(body: Uint8Array): string | null {
  try {
    return unpackJson<{ readonly hostname: string | null }>(body).hostname;
  } catch (error) {
    if (isCorruption(error)) return null;
    throw error;
  }
}
