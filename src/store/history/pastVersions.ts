import type { DatabaseSync } from 'node:sqlite';
import { packJson, unpackJson } from '../db/packedJson.ts';
import { bytes, number, query, text } from '../db/query.ts';

/** Kinds of values whose earlier versions the store retains. */
export type VersionedKind = 'incident' | 'change' | 'responder' | 'plan';

/**
 * Earlier versions of values that later runs replace, so that a view of a past moment shows what
 * was known then. Retained as long as traces. Times are epoch seconds.
 */
export interface PastVersions {
  /** Retains a value (JSON) that is replaced at a moment. The first one of a moment stays. */
  retain(kind: VersionedKind, id: string, value: unknown, replacedAt: number): void;
  /** The values of a moment that were replaced later, by id. */
  at(kind: VersionedKind, moment: number): Map<string, unknown>;
  /** Deletes the versions that were replaced before a moment. */
  prune(before: number): void;
}

/** Opens the table of earlier versions. */
export function openPastVersions(database: DatabaseSync): PastVersions {
  const insert = database.prepare('INSERT OR IGNORE INTO past_version VALUES (?, ?, ?, ?)');
  // SQLite takes the other columns from the row with the minimum.
  const selectAt = query(
    database,
    `SELECT id, body, min(replaced_at) AS at FROM past_version
     WHERE kind = ? AND replaced_at > ? GROUP BY id`,
    { id: text, body: bytes, at: number },
  );
  const deleteBefore = database.prepare('DELETE FROM past_version WHERE replaced_at < ?');
  return {
    retain(kind, id, value, replacedAt) {
      insert.run(kind, id, replacedAt, packJson(value));
    },
    at: (kind, moment) =>
      new Map(selectAt.all(kind, moment).map(({ id, body }) => [id, unpackJson(body)])),
    prune(before) {
      deleteBefore.run(before);
    },
  };
}
