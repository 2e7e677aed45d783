import type { DatabaseSync } from 'node:sqlite';
import type { Acknowledgement } from '../../model/alerting/silence.ts';
import { nullable, number, query, text } from '../db/query.ts';

/** The acknowledgements of incidents. */
export interface Acknowledgements {
  /** Stores one; replaces an earlier one of the same incident. */
  add(acknowledgement: Acknowledgement): void;
  /** All acknowledgements, oldest first. */
  list(): Acknowledgement[];
}

/** Opens the table of acknowledgements. */
export function openAcknowledgements(database: DatabaseSync): Acknowledgements {
  const upsert = database.prepare(
    'INSERT OR REPLACE INTO acknowledgement (incident, at, made_by, note) VALUES (?, ?, ?, ?)',
  );
  const selectAll = query(database, 'SELECT * FROM acknowledgement ORDER BY at, incident', {
    incident: text,
    at: number,
    made_by: nullable(text),
    note: nullable(text),
  });
  return {
    add({ incidentId, at, by, note }) {
      upsert.run(incidentId, at, by, note);
    },
    list: () =>
      selectAll.all().map((row) => ({
        incidentId: row.incident,
        at: row.at,
        by: row.made_by,
        note: row.note,
      })),
  };
}
