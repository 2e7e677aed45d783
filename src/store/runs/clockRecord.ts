import type { DatabaseSync } from 'node:sqlite';
import { packJson, unpackJson } from '../db/packedJson.ts';
import { bytes, query } from '../db/query.ts';

/** Its row among the states of the mesh; of one host, so exports omit it. */
export const clockRecordName = 'clock';

/** The stored record of the clock of this host. */
export interface StoredClockRecord {
  /** JSON; null before the first time. */
  load(): unknown;
  save(record: unknown): void;
}

/** Opens the record of the clock. */
export function openClockRecord(database: DatabaseSync): StoredClockRecord {
  const select = query(database, 'SELECT body FROM mesh_state WHERE name = ?', { body: bytes });
  const upsert = database.prepare('INSERT OR REPLACE INTO mesh_state (name, body) VALUES (?, ?)');
  return {
    load() {
      const row = select.get(clockRecordName);
      return row === undefined ? null : unpackJson(row.body);
    },
    save(record) {
      upsert.run(clockRecordName, packJson(record));
    },
  };
}
