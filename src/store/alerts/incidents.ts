import type { DatabaseSync } from 'node:sqlite';
import type { Incident } from '../../model/incident.ts';
import { packJson, unpackJson } from '../db/packedJson.ts';

/** An incident as it was last seen, with what the grouping remembers of it. */
export interface StoredIncident {
  readonly incident: Incident;
  /** JSON of the grouping; null once nothing can join it any more. */
  readonly engine: unknown;
}

/** Incidents, kept for ever. */
export interface Incidents {
  /** Keeps an incident in place of what was known of it. */
  put(stored: StoredIncident): void;
  /** Takes in an incident, unless one of its id is known. */
  restore(stored: StoredIncident): void;
  /** An incident became part of another one: its id leads there from now on. */
  merge(id: string, into: string): void;
  /** Those that changes can still join or that still last, in the order of their ids. */
  active(): StoredIncident[];
  /** Those that began at or after a moment (epoch seconds) and all that are active, by their beginning. */
  since(from: number): Incident[];
  /** All of them, by id. */
  all(): StoredIncident[];
  /** Ids of those that became part of another one, and of which; that may have become part of yet another one. */
  mergedIds(): Record<string, string>;
}

interface IncidentRow {
  readonly engine: Uint8Array | null;
  readonly body: Uint8Array;
}

/** Opens the tables of incidents. */
export function openIncidents(database: DatabaseSync): Incidents {
  const values = 'incident (id, from_at, engine, body) VALUES (?, ?, ?, ?)';
  const put = database.prepare(`INSERT OR REPLACE INTO ${values}`);
  const restore = database.prepare(`INSERT OR IGNORE INTO ${values}`);
  const remove = database.prepare('DELETE FROM incident WHERE id = ?');
  const merge = database.prepare(
    'INSERT OR REPLACE INTO merged_incident (id, into_id) VALUES (?, ?)',
  );
  const active = database.prepare(
    'SELECT engine, body FROM incident WHERE engine IS NOT NULL ORDER BY id',
  );
  const since = database.prepare(
    'SELECT engine, body FROM incident WHERE from_at >= ? OR engine IS NOT NULL ORDER BY from_at, id',
  );
  const every = database.prepare('SELECT engine, body FROM incident ORDER BY id');
  const selectMerged = database.prepare(
    'SELECT id, into_id AS "into" FROM merged_incident ORDER BY id',
  );
  return {
    put(stored) {
      put.run(...valuesOf(stored));
    },
    restore(stored) {
      restore.run(...valuesOf(stored));
    },
    merge(id, into) {
      remove.run(id);
      merge.run(id, into);
    },
    active: () => (active.all() as unknown as IncidentRow[]).map(toStoredIncident),
    since: (from) =>
      (since.all(from) as unknown as IncidentRow[]).map((row) => toStoredIncident(row).incident),
    all: () => (every.all() as unknown as IncidentRow[]).map(toStoredIncident),
    mergedIds() {
      const rows = selectMerged.all() as unknown as { id: string; into: string }[];
      return Object.fromEntries(rows.map(({ id, into }) => [id, into]));
    },
  };
}

function valuesOf({ incident, engine }: StoredIncident): (string | number | Uint8Array | null)[] {
  const packed = engine === null ? null : packJson(engine);
  return [incident.id, incident.from, packed, packJson(incident)];
}

function toStoredIncident({ engine, body }: IncidentRow): StoredIncident {
  return {
    incident: unpackJson<Incident>(body),
    engine: engine === null ? null : unpackJson<unknown>(engine),
  };
}
