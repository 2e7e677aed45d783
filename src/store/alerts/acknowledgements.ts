import type { DatabaseSync } from 'node:sqlite';
import type { Acknowledgement } from '../../model/silence.ts';

/** Who knows of which incident. */
export interface Acknowledgements {
  /** Keeps one; an earlier one of the same incident is replaced. */
  add(acknowledgement: Acknowledgement): void;
  /** All of them, oldest first. */
  list(): Acknowledgement[];
}

interface AcknowledgementRow {
  readonly incident: string;
  readonly at: number;
  readonly made_by: string | null;
  readonly note: string | null;
}

/** Opens the table of acknowledgements. */
export function openAcknowledgements(database: DatabaseSync): Acknowledgements {
  const add = database.prepare(
    'INSERT OR REPLACE INTO acknowledgement (incident, at, made_by, note) VALUES (?, ?, ?, ?)',
  );
  const every = database.prepare('SELECT * FROM acknowledgement ORDER BY at, incident');
  return {
    add({ incidentId, at, by, note }) {
      add.run(incidentId, at, by, note);
    },
    list: () =>
      (every.all() as unknown as AcknowledgementRow[]).map((row) => ({
        incidentId: row.incident,
        at: row.at,
        by: row.made_by,
        note: row.note,
      })),
  };
}
