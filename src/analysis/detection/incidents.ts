import type { Change } from '../../model/change.ts';
import type { IncidentMember } from '../../model/incident.ts';
import {
  bestMatch,
  elementsOf,
  type IncidentState,
  openSeconds,
  ownIncident,
  sameCause,
  type TestEnds,
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

/** Marks what a test had open as closed: the test is well again. Returns the incidents concerned. */
export function closeTest(state: IncidentsState, testId: string, at: number): IncidentState[] {
  const concerned: IncidentState[] = [];
  for (const incident of state.incidents) {
    if (!incident.members.some((each) => each.testId === testId && each.closedAt === null))
      continue;
    incident.members = incident.members.map((each) =>
      each.testId === testId && each.closedAt === null ? { ...each, closedAt: at } : each,
    );
    concerned.push(incident);
  }
  return concerned;
}

/** Forgets incidents that nothing can join any more and of which all members are closed. */
export function forgetClosed(state: IncidentsState, now: number): IncidentState[] {
  const over = state.incidents.filter(
    (incident) =>
      now - incident.newestAt > openSeconds &&
      incident.members.every((each) => each.closedAt !== null),
  );
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
