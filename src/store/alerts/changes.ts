import type { DatabaseSync } from 'node:sqlite';
import type { Change, ChangeClass } from '../../model/change/change.ts';
import { packJson, unpackJson } from '../db/packedJson.ts';
import { bytes, nullable, number, query, type Row, text } from '../db/query.ts';
import type { Tests } from '../traces/tests.ts';

/** A change with its incident and its end. */
export interface StoredChange {
  readonly change: Change;
  /** The current id of its incident. */
  readonly incidentId: string | null;
  /** When it ended or was accepted, epoch seconds; null while it is open. */
  readonly closedAt: number | null;
  /** It did not end: it became the new baseline. */
  readonly accepted: boolean;
}

/** The changes of all tests. Times are epoch seconds. */
export interface Changes {
  /** Stores a change of a known test; a stored change with the same id stays. */
  add(stored: StoredChange): void;
  close(id: string, at: number, accepted: boolean): void;
  /** Replaces a change by a revision of it. Returns it; null for an unknown id. */
  revise(id: string, revise: (change: Change) => Change): Change | null;
  /** Moves the changes of one incident to another. */
  reassign(incidentId: string, into: string): void;
  /** The changes that were detected or ended at or after a moment, and all open ones. */
  since(at: number): StoredChange[];
  /** The changes of a test that were detected after a moment. */
  ofTest(testId: string, after: number): Change[];
  /** The open changes of some classes. */
  listOpen(classes: readonly ChangeClass[]): Change[];
  /** The changes of an incident. */
  ofIncident(incidentId: string): StoredChange[];
  /** The number of changes of some classes, deleted ones included, by test id. */
  counts(classes: readonly ChangeClass[]): Map<string, number>;
}

const body = { body: bytes };
const changeColumns = {
  ...body,
  incident: nullable(text),
  closed_at: nullable(number),
  accepted: number,
};
const selectSql = 'SELECT incident, closed_at, accepted, body FROM change';
const detectionOrder = 'ORDER BY detected_at, number';

/** Opens the table of changes. All lists are in the order of detection. */
export function openChanges(database: DatabaseSync, tests: Tests): Changes {
  return { ...openChangeUpdates(database, tests), ...openChangeQueries(database, tests) };
}

function openChangeUpdates(
  database: DatabaseSync,
  tests: Tests,
): Pick<Changes, 'add' | 'close' | 'revise' | 'reassign'> {
  const insert = database.prepare(
    `INSERT OR IGNORE INTO change (id, test, class, detected_at, closed_at, accepted, incident, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const updateEnd = database.prepare('UPDATE change SET closed_at = ?, accepted = ? WHERE id = ?');
  const updateIncident = database.prepare('UPDATE change SET incident = ? WHERE incident = ?');
  const selectBody = query(database, 'SELECT body FROM change WHERE id = ?', body);
  const updateBody = database.prepare('UPDATE change SET body = ? WHERE id = ?');
  return {
    add({ change, incidentId, closedAt, accepted }) {
      insert.run(
        change.id,
        tests.numberOf(change.testId),
        change.class,
        change.detectedAt,
        closedAt,
        Number(accepted),
        incidentId,
        packJson(change),
      );
    },
    close(id, at, accepted) {
      updateEnd.run(at, Number(accepted), id);
    },
    revise(id, revise) {
      const row = selectBody.get(id);
      if (row === undefined) return null;
      const revised = revise(toChange(row));
      updateBody.run(packJson(revised), id);
      return revised;
    },
    reassign(incidentId, into) {
      updateIncident.run(into, incidentId);
    },
  };
}

function openChangeQueries(
  database: DatabaseSync,
  tests: Tests,
): Omit<Changes, 'add' | 'close' | 'revise' | 'reassign'> {
  const selectSince = query(
    database,
    `${selectSql} WHERE detected_at >= ?1 OR closed_at IS NULL OR closed_at >= ?1 ${detectionOrder}`,
    changeColumns,
  );
  const selectOfTest = query(
    database,
    `SELECT body FROM change WHERE test = ? AND detected_at > ? ${detectionOrder}`,
    body,
  );
  const selectOpen = query(
    database,
    `SELECT body FROM change WHERE closed_at IS NULL
       AND class IN (SELECT value FROM json_each(?)) ${detectionOrder}`,
    body,
  );
  const selectOfIncident = query(
    database,
    `${selectSql} WHERE incident = ? ${detectionOrder}`,
    changeColumns,
  );
  const countByTest = query(
    database,
    `SELECT test.id AS id, sum(count) AS count FROM (
       SELECT test, class, 1 AS count FROM change UNION ALL SELECT * FROM pruned_change
     ) AS each JOIN test ON test.number = each.test
     WHERE class IN (SELECT value FROM json_each(?)) GROUP BY test.id`,
    { id: text, count: number },
  );
  return {
    since: (at) => selectSince.all(at).map(toStoredChange),
    ofTest: (testId, after) => selectOfTest.all(tests.numberOf(testId), after).map(toChange),
    listOpen: (classes) => selectOpen.all(JSON.stringify(classes)).map(toChange),
    ofIncident: (id) => selectOfIncident.all(id).map(toStoredChange),
    counts: (classes) =>
      new Map(countByTest.all(JSON.stringify(classes)).map(({ id, count }) => [id, count])),
  };
}

/** Changes of older versions lack `confidence`. */
function toChange(row: Row<typeof body>): Change {
  return { confidence: null, ...unpackJson<Omit<Change, 'confidence'>>(row.body) };
}

function toStoredChange(row: Row<typeof changeColumns>): StoredChange {
  return {
    change: toChange(row),
    incidentId: row.incident,
    closedAt: row.closed_at,
    accepted: row.accepted === 1,
  };
}
