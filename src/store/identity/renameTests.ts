import type { DatabaseSync } from 'node:sqlite';
import type { Change } from '../../model/change.ts';
import type { Incident, IncidentMember } from '../../model/incident.ts';
import { packJson, unpackJson } from '../db/packedJson.ts';
import { bytes, nullable, number, query, text } from '../db/query.ts';

/** The new id of each test by its old one; null for a test that is deleted. */
export type Renames = ReadonlyMap<string, string | null>;

interface TestMember extends Pick<IncidentMember, 'testId'> {}

/** Renames tests, or removes them, in all records of changes that name tests by id. */
export function renameTests(database: DatabaseSync, renames: Renames): void {
  renameChanges(database, renames);
  renameIncidents(database, renames);
  renameFindings(database, renames);
}

/** The id of a test after renaming; null if it is deleted. */
function renamed(id: string, renames: Renames): string | null {
  return renames.has(id) ? (renames.get(id) ?? null) : id;
}

function renameChanges(database: DatabaseSync, renames: Renames): void {
  const select = query(
    database,
    `SELECT change.number AS number, body FROM change JOIN test ON test.number = change.test
     WHERE test.id = ?`,
    { number, body: bytes },
  );
  const update = database.prepare(
    'UPDATE change SET test = (SELECT number FROM test WHERE id = ?1), body = ?2 WHERE number = ?3',
  );
  const remove = database.prepare('DELETE FROM change WHERE number = ?');
  for (const [from, to] of renames) {
    for (const { number: change, body } of select.all(from)) {
      if (to === null) remove.run(change);
      else update.run(to, packJson({ ...unpackJson<Change>(body), testId: to }), change);
    }
  }
}

/** An incident without any member left is deleted. */
function renameIncidents(database: DatabaseSync, renames: Renames): void {
  const select = query(database, 'SELECT id, engine, body FROM incident', {
    id: text,
    engine: nullable(bytes),
    body: bytes,
  });
  const update = database.prepare('UPDATE incident SET engine = ?, body = ? WHERE id = ?');
  const deletions = ['incident WHERE id', 'merged_incident WHERE into_id'].map((where) =>
    database.prepare(`DELETE FROM ${where} = ?`),
  );
  for (const { id, engine, body } of select.all()) {
    const incident = unpackJson<Incident>(body);
    const { members, tests, unaffectedTests } = incident;
    if (!members.some(({ testId }) => renames.has(testId))) continue;
    const left = renameMembers(members, renames);
    if (left.length === 0) {
      for (const statement of deletions) statement.run(id);
      continue;
    }
    const idsAfter = (ids: readonly string[]) => [
      ...new Set(ids.flatMap((test) => renamed(test, renames) ?? [])),
    ];
    const after = {
      ...incident,
      members: left,
      tests: idsAfter(tests),
      unaffectedTests: idsAfter(unaffectedTests),
    };
    update.run(engine === null ? null : renameEngine(engine, renames), packJson(after), id);
  }
}

function renameEngine(engine: Uint8Array, renames: Renames): Uint8Array {
  const state = unpackJson<{ readonly members: readonly TestMember[] }>(engine);
  return packJson({ ...state, members: renameMembers(state.members, renames) });
}

function renameMembers<Member extends TestMember>(
  members: readonly Member[],
  renames: Renames,
): Member[] {
  return members.flatMap((member) => {
    const testId = renamed(member.testId, renames);
    return testId === null ? [] : [{ ...member, testId }];
  });
}

function renameFindings(database: DatabaseSync, renames: Renames): void {
  const select = query(database, 'SELECT number, body FROM pending_finding', {
    number,
    body: bytes,
  });
  const update = database.prepare('UPDATE pending_finding SET body = ? WHERE number = ?');
  const remove = database.prepare('DELETE FROM pending_finding WHERE number = ?');
  for (const { number: finding, body } of select.all()) {
    const found = unpackJson<{ readonly testId?: string; readonly change?: Change }>(body);
    const id = found.change?.testId ?? found.testId ?? '';
    if (!renames.has(id)) continue;
    const testId = renamed(id, renames);
    if (testId === null) remove.run(finding);
    else {
      const { change } = found;
      const after = change ? { ...found, change: { ...change, testId } } : { ...found, testId };
      update.run(packJson(after), finding);
    }
  }
}
