import type { DatabaseSync } from 'node:sqlite';
import { type Change, type ChangeClass, canBecomeUsual } from '../../model/change/change.ts';
import type { Incident, IncidentMember } from '../../model/incident/incident.ts';
import { daySeconds } from '../../model/values/time.ts';
import { packJson, unpackJson } from './packedJson.ts';
import { bytes, nullable, number, query, text } from './query.ts';
import { isCorruption } from './storeFailure.ts';

/** Groups of classes in which a test has at most one open change. */
const lineages: readonly (readonly ChangeClass[])[] = [
  ['unreachable'],
  ['inter_as', 'intra_as', 'flap'],
  ['rtt_shift'],
  ['loss'],
  ['mtu_drop'],
  ['vanished'],
  ['policy'],
];
/** Classes that the detection of traces does not find. */
const untracedClasses: readonly ChangeClass[] = ['vanished', 'policy'];
/** Results of this long before a change show what was usual. */
const minKnownSeconds = daySeconds;

interface AcceptedChange {
  readonly id: string;
  readonly change: Change;
  readonly incidentId: string | null;
  readonly testNumber: number;
}

/**
 * Reopens what earlier versions accepted only because it lasted, for migration 10: outages, losses,
 * silent tests and whatever made a route worse. The next run processes all stored traces of these
 * tests again, which shows what has ended since. A change stays as it is when the store has no
 * results from before it.
 */
export function reopenAccepted(database: DatabaseSync): void {
  const reopened = lineages.flatMap((classes) => findReopened(database, classes));
  const reopen = database.prepare('UPDATE change SET closed_at = NULL, accepted = 0 WHERE id = ?');
  const clearState = database.prepare('UPDATE detection SET body = ? WHERE test = ?');
  const deleteCheckpoints = database.prepare('DELETE FROM detection_checkpoint WHERE test = ?');
  for (const { id, change, testNumber } of reopened) {
    reopen.run(id);
    if (untracedClasses.includes(change.class)) continue;
    clearState.run(packJson({ version: 0 }), testNumber);
    deleteCheckpoints.run(testNumber);
  }
  const byIncident = Map.groupBy(reopened, ({ incidentId }) => incidentId);
  for (const [incidentId, changes] of byIncident) {
    if (incidentId !== null)
      reopenIncident(database, incidentId, new Set(changes.map(({ id }) => id)));
  }
}

/** The newest change of each test in some classes, if it was accepted though it should not be. */
function findReopened(database: DatabaseSync, classes: readonly ChangeClass[]): AcceptedChange[] {
  const select = query(
    database,
    `SELECT change.id AS id, test, accepted, incident, body, oldest_trace_at, newest_trace_at
     FROM change JOIN test ON test.number = change.test
     WHERE class = 'recovered' OR class IN (SELECT value FROM json_each(?))
     ORDER BY detected_at, change.number`,
    {
      id: text,
      test: number,
      accepted: number,
      incident: nullable(text),
      body: bytes,
      oldest_trace_at: nullable(number),
      newest_trace_at: nullable(number),
    },
  );
  const newest = new Map<number, AcceptedChange | null>();
  for (const row of select.all(JSON.stringify(classes))) {
    const change = readChange(row.body);
    if (change === null || !concerns(change, classes)) continue;
    const extent = { oldestAt: row.oldest_trace_at, newestAt: row.newest_trace_at };
    const isReopened = row.accepted === 1 && !canBecomeUsual(change) && mayLast(change, extent);
    const found = { id: row.id, change, incidentId: row.incident, testNumber: row.test };
    newest.set(row.test, isReopened ? found : null);
  }
  return [...newest.values()].filter((each) => each !== null);
}

function readChange(body: Uint8Array): Change | null {
  try {
    return unpackJson<Change>(body);
  } catch (error) {
    if (isCorruption(error)) return null;
    throw error;
  }
}

function concerns(
  { class: changeClass, closes }: Change,
  classes: readonly ChangeClass[],
): boolean {
  return changeClass !== 'recovered' || closes.some((each) => classes.includes(each));
}

/** Whether a change may last, and the next run can find out. */
function mayLast(
  { class: changeClass, detectedAt, onset }: Change,
  { oldestAt, newestAt }: { readonly oldestAt: number | null; readonly newestAt: number | null },
): boolean {
  if (changeClass === 'recovered' || oldestAt === null || newestAt === null) return false;
  if (changeClass === 'vanished') return newestAt < detectedAt;
  return oldestAt <= onset.by - minKnownSeconds;
}

function reopenIncident(database: DatabaseSync, id: string, changeIds: ReadonlySet<string>): void {
  const select = query(database, 'SELECT engine, body FROM incident WHERE id = ?', {
    engine: nullable(bytes),
    body: bytes,
  });
  const update = database.prepare('UPDATE incident SET engine = ?, body = ? WHERE id = ?');
  const row = select.get(id);
  if (row === undefined) return;
  const incident = unpackJson<Incident>(row.body);
  const reopenMembers = (members: readonly IncidentMember[]) =>
    members.map(({ accepted, ...member }): IncidentMember => {
      if (changeIds.has(member.changeId)) return { ...member, closedAt: null };
      return accepted === undefined ? member : { ...member, accepted };
    });
  const members = reopenMembers(incident.members);
  // Nothing could join an incident without a state; so nothing is known of its elements.
  const ended = { id, members: incident.members, removed: {}, added: {}, loose: {} };
  const engine = row.engine === null ? ended : unpackJson<typeof ended>(row.engine);
  update.run(
    packJson({ ...engine, members: reopenMembers(engine.members) }),
    packJson({ ...incident, members, status: 'open', to: null }),
    id,
  );
}
