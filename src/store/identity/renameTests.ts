import type { DatabaseSync } from 'node:sqlite';
import type { Change } from '../../model/change/change.ts';
import type { Incident, IncidentMember } from '../../model/incident/incident.ts';
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
  renamePastVersions(database, renames);
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
      const after = renameChange(unpackJson<Change>(body), renames);
      if (after === null) remove.run(change);
      else update.run(to, packJson(after), change);
    }
  }
}

/** The same change if it is of none of the tests; null if its test is deleted. */
function renameChange(change: Change, renames: Renames): Change | null {
  if (!renames.has(change.testId)) return change;
  const testId = renamed(change.testId, renames);
  return testId === null ? null : { ...change, testId };
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
    const before = unpackJson<Incident>(body);
    const after = renameIncident(before, renames);
    if (after === before) continue;
    if (after !== null) {
      update.run(engine === null ? null : renameEngine(engine, renames), packJson(after), id);
      continue;
    }
    for (const statement of deletions) statement.run(id);
  }
}

/** The same incident if it names none of the tests; null if no member of it is left. */
function renameIncident(incident: Incident, renames: Renames): Incident | null {
  const { tests, unaffectedTests } = incident;
  const members = renameMembers(incident.members, renames);
  const named = [...incident.members.map(({ testId }) => testId), ...unaffectedTests];
  if (!named.some((id) => renames.has(id))) return incident;
  if (members.length === 0) return null;
  const idsAfter = (ids: readonly string[]) => [
    ...new Set(ids.flatMap((id) => renamed(id, renames) ?? [])),
  ];
  const changed = idsAfter(tests);
  const unaffected = idsAfter(unaffectedTests).filter((id) => !changed.includes(id));
  return { ...incident, members, tests: changed, unaffectedTests: unaffected };
}

/** Renames tests in what views of the past show. */
function renamePastVersions(database: DatabaseSync, renames: Renames): void {
  const select = query(
    database,
    `SELECT kind, id, replaced_at AS replacedAt, body FROM past_version
     WHERE kind IN ('change', 'incident')`,
    { kind: text, id: text, replacedAt: number, body: bytes },
  );
  const where = 'WHERE kind = ? AND id = ? AND replaced_at = ?';
  const update = database.prepare(`UPDATE past_version SET body = ? ${where}`);
  const remove = database.prepare(`DELETE FROM past_version ${where}`);
  for (const { kind, id, replacedAt, body } of select.all()) {
    const before = unpackJson<Change | Incident | null>(body);
    if (before === null) continue;
    const after =
      'members' in before ? renameIncident(before, renames) : renameChange(before, renames);
    if (after === null) remove.run(kind, id, replacedAt);
    else if (after !== before) update.run(packJson(after), kind, id, replacedAt);
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
