import type { DatabaseSync } from 'node:sqlite';
import type { Change, ChangeClass } from '../../model/change.ts';
import { packJson, unpackJson } from '../db/packedJson.ts';
import type { Tests } from '../traces/tests.ts';

/** A change with what became of it. */
export interface StoredChange {
  readonly change: Change;
  /** The incident that it is part of, by the id under which that goes now. */
  readonly incidentId: string | null;
  /** Epoch seconds; null while it lasts. */
  readonly closedAt: number | null;
  /** It ended because it is normal now. */
  readonly accepted: boolean;
}

/** The changes of all tests, kept for ever. Times are epoch seconds. */
export interface Changes {
  /** Keeps a change of a known test; one of the same id stays as it is. */
  add(stored: StoredChange): void;
  close(id: string, at: number, accepted: boolean): void;
  /** What a change did, and how much it matters, is known better since `at`. */
  reassess(
    id: string,
    reassessment: Pick<Change, 'verdict' | 'severity'> & { readonly at: number },
  ): void;
  /** The changes of one incident are part of another one from now on. */
  reassign(incidentId: string, into: string): void;
  /** Those that were detected or ended at or after a moment or still last, in the order of detection. */
  since(at: number): StoredChange[];
  /** Those of a test that were detected after a moment, in the order of detection. */
  ofTest(testId: string, after: number): Change[];
  /** Those of some classes that last, in the order of detection. */
  listOpen(classes: readonly ChangeClass[]): Change[];
  /** Those of an incident, in the order of detection. */
  ofIncident(incidentId: string): StoredChange[];
  /** How many there are of a class, by test id. */
  counts(classes: readonly ChangeClass[]): Map<string, number>;
}

interface ChangeRow {
  readonly incident: string | null;
  readonly closed_at: number | null;
  readonly accepted: number;
  readonly body: Uint8Array;
}

const columns = 'incident, closed_at, accepted, body';

/** Opens the table of changes. */
export function openChanges(database: DatabaseSync, tests: Tests): Changes {
  const add = database.prepare(
    `INSERT OR IGNORE INTO change (id, test, class, detected_at, closed_at, accepted, incident, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const close = database.prepare('UPDATE change SET closed_at = ?, accepted = ? WHERE id = ?');
  const reassign = database.prepare('UPDATE change SET incident = ? WHERE incident = ?');
  const body = database.prepare('SELECT body FROM change WHERE id = ?');
  const rewrite = database.prepare('UPDATE change SET body = ? WHERE id = ?');
  const selectOpen = database.prepare(
    `SELECT body FROM change WHERE closed_at IS NULL AND class IN (SELECT value FROM json_each(?))
     ORDER BY detected_at, number`,
  );
  const since = database.prepare(
    `SELECT ${columns} FROM change WHERE detected_at >= ?1 OR closed_at IS NULL OR closed_at >= ?1
     ORDER BY detected_at, number`,
  );
  const ofTest = database.prepare(
    'SELECT body FROM change WHERE test = ? AND detected_at > ? ORDER BY detected_at, number',
  );
  const ofIncident = database.prepare(
    `SELECT ${columns} FROM change WHERE incident = ? ORDER BY detected_at, number`,
  );
  const counts = database.prepare(
    `SELECT test.id AS id, count(*) AS count FROM change JOIN test ON test.number = change.test
     WHERE class IN (SELECT value FROM json_each(?)) GROUP BY test.id`,
  );
  return {
    add({ change, incidentId, closedAt, accepted }) {
      const { id, testId, class: changeClass, detectedAt } = change;
      const number = tests.numberOf(testId);
      const flag = accepted ? 1 : 0;
      add.run(id, number, changeClass, detectedAt, closedAt, flag, incidentId, packJson(change));
    },
    close(id, at, accepted) {
      close.run(at, accepted ? 1 : 0, id);
    },
    reassign(incidentId, into) {
      reassign.run(into, incidentId);
    },
    reassess(id, { verdict, severity, at: reassessedAt }) {
      const row = body.get(id) as unknown as Pick<ChangeRow, 'body'> | undefined;
      if (row === undefined) return;
      const reassessed = { ...unpackJson<Change>(row.body), verdict, severity, reassessedAt };
      rewrite.run(packJson(reassessed), id);
    },
    listOpen: (classes) =>
      (selectOpen.all(JSON.stringify(classes)) as unknown as Pick<ChangeRow, 'body'>[]).map((row) =>
        unpackJson<Change>(row.body),
      ),
    since: (at) => (since.all(at) as unknown as ChangeRow[]).map(toStoredChange),
    ofTest(testId, after) {
      const rows = ofTest.all(tests.numberOf(testId), after) as unknown as Pick<
        ChangeRow,
        'body'
      >[];
      return rows.map((row) => unpackJson<Change>(row.body));
    },
    ofIncident: (id) => (ofIncident.all(id) as unknown as ChangeRow[]).map(toStoredChange),
    counts(classes) {
      const rows = counts.all(JSON.stringify(classes)) as unknown as ChangeCountRow[];
      return new Map(rows.map(({ id, count }) => [id, count]));
    },
  };
}

interface ChangeCountRow {
  readonly id: string;
  readonly count: number;
}

function toStoredChange({ incident, closed_at, accepted, body }: ChangeRow): StoredChange {
  const change = unpackJson<Change>(body);
  return { change, incidentId: incident, closedAt: closed_at, accepted: accepted === 1 };
}
