import type { DatabaseSync } from 'node:sqlite';
import type { Incident } from '../../model/incident/incident.ts';
import { packJson, unpackJson } from '../db/packedJson.ts';
import { bytes, nullable, query, type Row, text } from '../db/query.ts';

/** An incident as it was last presented, with the state of the grouping. */
export interface StoredIncident {
  readonly incident: Incident;
  /** JSON of the grouping; null once no change can join. */
  readonly engine: unknown;
}

/** The incidents of the mesh. */
export interface Incidents {
  /** Stores an incident; replaces one with the same id. */
  put(stored: StoredIncident): void;
  /** Stores an incident unless one with the same id is stored. */
  restore(stored: StoredIncident): void;
  /** Merges an incident into another one, to which its id leads from now on. */
  merge(id: string, into: string): void;
  /** The incidents that changes can still join, by id. */
  active(): StoredIncident[];
  /**
   * The incidents that began at or after a moment (epoch seconds) and all active ones, by
   * beginning.
   */
  since(from: number): Incident[];
  /** All incidents, by id. */
  all(): StoredIncident[];
  /** By id of a merged incident, the id of the one it was merged into, which may be merged too. */
  mergedIds(): Record<string, string>;
}

const incidentColumns = { engine: nullable(bytes), body: bytes };
const selectSql = 'SELECT engine, body FROM incident';

/** Opens the tables of incidents. */
export function openIncidents(database: DatabaseSync): Incidents {
  const values = 'incident (id, from_at, engine, body) VALUES (?, ?, ?, ?)';
  const replace = database.prepare(`INSERT OR REPLACE INTO ${values}`);
  const insert = database.prepare(`INSERT OR IGNORE INTO ${values}`);
  const deleteOne = database.prepare('DELETE FROM incident WHERE id = ?');
  const upsertMerged = database.prepare(
    'INSERT OR REPLACE INTO merged_incident (id, into_id) VALUES (?, ?)',
  );
  const selectActive = query(
    database,
    `${selectSql} WHERE engine IS NOT NULL ORDER BY id`,
    incidentColumns,
  );
  const selectSince = query(
    database,
    `${selectSql} WHERE from_at >= ? OR engine IS NOT NULL ORDER BY from_at, id`,
    incidentColumns,
  );
  const selectAll = query(database, `${selectSql} ORDER BY id`, incidentColumns);
  const selectMerged = query(database, 'SELECT id, into_id FROM merged_incident ORDER BY id', {
    id: text,
    into_id: text,
  });
  return {
    put(stored) {
      replace.run(...valuesOf(stored));
    },
    restore(stored) {
      insert.run(...valuesOf(stored));
    },
    merge(id, into) {
      deleteOne.run(id);
      upsertMerged.run(id, into);
    },
    active: () => selectActive.all().map(toStoredIncident),
    since: (from) => selectSince.all(from).map((row) => toStoredIncident(row).incident),
    all: () => selectAll.all().map(toStoredIncident),
    mergedIds: () => Object.fromEntries(selectMerged.all().map((row) => [row.id, row.into_id])),
  };
}

function valuesOf({ incident, engine }: StoredIncident): (string | number | Uint8Array | null)[] {
  const packed = engine === null ? null : packJson(engine);
  return [incident.id, incident.from, packed, packJson(incident)];
}

function toStoredIncident({ engine, body }: Row<typeof incidentColumns>): StoredIncident {
  return {
    incident: unpackJson<Incident>(body),
    engine: engine === null ? null : unpackJson<unknown>(engine),
  };
}
