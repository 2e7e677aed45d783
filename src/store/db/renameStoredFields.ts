import type { DatabaseSync } from 'node:sqlite';
import type { Upgrade } from '../../model/values/renameFields.ts';
import { packJson, unpackJson } from './packedJson.ts';
import {
  renameChange,
  renameFinding,
  renameIncident,
  renameIncidentState,
  renameNotices,
  renameRun,
} from './renamedFields.ts';
import { isCorruption } from './storeFailure.ts';

interface StoredBodies {
  readonly table: string;
  readonly key: string;
  readonly column: string;
  readonly upgrade: Upgrade;
}

const storedBodies: readonly StoredBodies[] = [
  { table: 'change', key: 'number', column: 'body', upgrade: renameChange },
  { table: 'pending_finding', key: 'number', column: 'body', upgrade: renameFinding },
  { table: 'incident', key: 'id', column: 'body', upgrade: renameIncident },
  { table: 'incident', key: 'id', column: 'engine', upgrade: renameIncidentState },
  { table: 'outbox', key: 'number', column: 'notices', upgrade: renameNotices },
  { table: 'run', key: 'number', column: 'body', upgrade: renameRun },
];

/**
 * Renames the fields in all JSON bodies, packed or text, for migration 7. A body that cannot be
 * read stays as it is: one damaged row must not make the whole database unusable.
 */
export function renameStoredFields(database: DatabaseSync): void {
  for (const bodies of storedBodies) rewriteBodies(database, bodies);
}

function rewriteBodies(
  database: DatabaseSync,
  { table, key, column, upgrade }: StoredBodies,
): void {
  const keys = database.prepare(`SELECT ${key} AS key FROM ${table} WHERE ${column} IS NOT NULL`);
  const select = database.prepare(`SELECT ${column} AS body FROM ${table} WHERE ${key} = ?`);
  const update = database.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${key} = ?`);
  for (const { key: rowKey } of keys.all()) {
    const body = select.get(rowKey as number | string)?.body;
    const upgraded = upgradeBody(body as string | Uint8Array, upgrade);
    if (upgraded !== null) update.run(upgraded, rowKey as number | string);
  }
}

/** The same body with its value upgraded; null for a body that cannot be read. */
function upgradeBody(body: string | Uint8Array, upgrade: Upgrade): string | Uint8Array | null {
  try {
    return typeof body === 'string'
      ? JSON.stringify(upgrade(JSON.parse(body)))
      : packJson(upgrade(unpackJson(body)));
  } catch (error) {
    if (error instanceof SyntaxError || isCorruption(error)) return null;
    throw error;
  }
}
