import type { Change, ChangeClass } from '../../model/change.ts';
import type { IncidentMember } from '../../model/incident.ts';
import { elementsOf, type TestEnds } from './incidentElements.ts';
import {
  bestMatch,
  endedIncident,
  endSeconds,
  type IncidentState,
  openSeconds,
  ownIncident,
  sameCause,
} from './incidentMatching.ts';

/** All open incidents, and of merged ones the id they go by now. Plain JSON. */
export interface IncidentsState {
  readonly version: 1;
  incidents: IncidentState[];
  merged: Record<string, string>;
}

/** No incident yet. */
export function createIncidents(): IncidentsState {
  return { version: 1, incidents: [], merged: {} };
}

/**
 * Adds a change to the incident it belongs to, or opens one. Changes have to come in order of detection, equal times by test
 * id. Returns the id of the incident; it may later be merged into another, see `currentId`.
 */
export function addChange(state: IncidentsState, change: Change, ends: TestEnds): string {
  const elements = elementsOf(change, ends);
  const member = memberOf(change);
  const incident =
    endedIncident(state.incidents, change) ??
    bestMatch(state.incidents, elements, member) ??
    ownIncident(state.incidents, change, elements) ??
    open(state, member);
  incident.members.push(member);
  incident.newestAt = Math.max(incident.newestAt, change.detectedAt);
  for (const key of elements.left) incident.left[key] = (incident.left[key] ?? 0) + 1;
  for (const key of elements.came) incident.came[key] = (incident.came[key] ?? 0) + 1;
  for (const key of elements.loose) incident.loose[key] = (incident.loose[key] ?? 0) + 1;
  mergeInto(state, incident);
  return incident.id;
}

/** The id under which an incident goes now. */
export function currentId(state: IncidentsState, id: string): string {
  let current = id;
  while (state.merged[current] !== undefined) current = state.merged[current] as string;
  return current;
}

/**
 * Marks what a test had open as closed: the test is well again. `closes`: the classes that have ended, see `Change.closes`;
 * all when not given. Returns the incidents concerned.
 */
export function closeTest(
  state: IncidentsState,
  testId: string,
  at: number,
  closes?: readonly ChangeClass[],
): IncidentState[] {
  return endMembers(state, testId, closes, { closedAt: at });
}

/** Marks what a test had open as normal from now on: it has lasted too long to be told as a fault. */
export function acceptTest(
  state: IncidentsState,
  testId: string,
  at: number,
  closes?: readonly ChangeClass[],
): IncidentState[] {
  return endMembers(state, testId, closes, { closedAt: at, accepted: true });
}

function endMembers(
  state: IncidentsState,
  testId: string,
  closes: readonly ChangeClass[] | undefined,
  end: { readonly closedAt: number; readonly accepted?: true },
): IncidentState[] {
  // What came late may tell of an end that was before.
  const ends = (member: IncidentMember): boolean =>
    member.testId === testId &&
    member.closedAt === null &&
    member.by <= end.closedAt &&
    (closes === undefined || closes.includes(member.class));
  const concerned = state.incidents.filter(({ members }) => members.some(ends));
  for (const incident of concerned) {
    incident.members = incident.members.map((each) => (ends(each) ? { ...each, ...end } : each));
  }
  return concerned;
}

/** Forgets incidents that nothing can join any more and of which all members are closed. */
export function forgetClosed(state: IncidentsState, now: number): IncidentState[] {
  const over = state.incidents.filter(({ newestAt, members }) => {
    const accepted = members.some((each) => each.accepted === true);
    return (
      now - newestAt > (accepted ? endSeconds : openSeconds) &&
      members.every((each) => each.closedAt !== null)
    );
  });
  state.incidents = state.incidents.filter((incident) => !over.includes(incident));
  return over;
}

function memberOf(change: Change): IncidentMember {
  return {
    changeId: change.id,
    testId: change.testId,
    class: change.class,
    severity: change.severity,
    detectedAt: change.detectedAt,
    after: change.onset.after ?? change.onset.by,
    by: change.onset.by,
    closedAt: null,
  };
}

function open(state: IncidentsState, member: IncidentMember): IncidentState {
  const incident: IncidentState = {
    id: `incident-${member.changeId}`,
    members: [],
    left: {},
    came: {},
    loose: {},
    newestAt: member.detectedAt,
  };
  state.incidents.push(incident);
  return incident;
}

/** Joins incidents that turn out to have one cause: both directions of a link, or hosts with wrong clocks. */
function mergeInto(state: IncidentsState, incident: IncidentState): void {
  for (const other of [...state.incidents]) {
    if (other === incident || !sameCause(incident, other)) continue;
    incident.members = [...other.members, ...incident.members];
    incident.newestAt = Math.max(incident.newestAt, other.newestAt);
    for (const kind of ['left', 'came', 'loose'] as const) addCounts(incident[kind], other[kind]);
    state.merged[other.id] = incident.id;
    state.incidents = state.incidents.filter((each) => each !== other);
  }
}

function addCounts(into: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const key in from) into[key] = (into[key] ?? 0) + (from[key] as number);
}
