import type { Change, ChangeClass } from '../../../model/change.ts';
import type { IncidentMember } from '../../../model/incident.ts';
import { elementsOf, type TestEnds } from './incidentElements.ts';
import {
  endSeconds,
  findBestMatch,
  findEndedIncident,
  findIncidentOfTest,
  haveSameCause,
  type IncidentState,
  openSeconds,
} from './incidentMatching.ts';

/** All open incidents, and the current ids of merged ones. Plain JSON. */
export interface IncidentsState {
  readonly version: 1;
  incidents: IncidentState[];
  merged: Record<string, string>;
}

/**
 * Adds a change to the incident it belongs to, or opens one. Changes have to come in order of
 * detection, at equal times by test id. Returns the id of the incident, which may later be merged
 * into another: see `currentIncidentId`.
 */
export function addChange(state: IncidentsState, change: Change, ends: TestEnds): string {
  const elements = elementsOf(change, ends);
  const member = memberOf(change);
  const incident =
    findEndedIncident(state.incidents, change) ??
    findBestMatch(state.incidents, elements, member) ??
    findIncidentOfTest(state.incidents, change, elements) ??
    openIncident(state, member);
  incident.members.push(member);
  incident.newestAt = Math.max(incident.newestAt, change.detectedAt);
  for (const key of elements.removed) incident.removed[key] = (incident.removed[key] ?? 0) + 1;
  for (const key of elements.added) incident.added[key] = (incident.added[key] ?? 0) + 1;
  for (const key of elements.loose) incident.loose[key] = (incident.loose[key] ?? 0) + 1;
  mergeSameCause(state, incident);
  return incident.id;
}

/** The id of the incident that a change opens. */
export function incidentIdOf(changeId: string): string {
  return `incident-${changeId}`;
}

/**
 * Closes the open members of a test that has recovered. `closes`: the classes that have ended,
 * see `Change.closes`; without it, all. Returns the incidents concerned.
 */
export function closeTest(
  state: IncidentsState,
  testId: string,
  at: number,
  closes?: readonly ChangeClass[],
): IncidentState[] {
  return endMembers(state, testId, closes, { closedAt: at });
}

/**
 * Accepts the open members of a test: they have lasted too long to be a fault. Returns the
 * incidents concerned.
 */
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
  // Late results may report an end that lies before the member.
  const ends = (member: IncidentMember): boolean =>
    member.testId === testId &&
    member.closedAt === null &&
    member.by <= end.closedAt &&
    (closes === undefined || closes.includes(member.class));
  const affected = state.incidents.filter(({ members }) => members.some(ends));
  for (const incident of affected) {
    incident.members = incident.members.map((each) => (ends(each) ? { ...each, ...end } : each));
  }
  return affected;
}

/**
 * Drops the incidents that nothing can join any more and whose members are all closed. Returns
 * them.
 */
export function pruneClosed(state: IncidentsState, now: number): IncidentState[] {
  const expired = state.incidents.filter(({ newestAt, members }) => {
    const accepted = members.some((each) => each.accepted === true);
    return (
      now - newestAt > (accepted ? endSeconds : openSeconds) &&
      members.every((each) => each.closedAt !== null)
    );
  });
  state.incidents = state.incidents.filter((incident) => !expired.includes(incident));
  return expired;
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

function openIncident(state: IncidentsState, member: IncidentMember): IncidentState {
  const incident: IncidentState = {
    id: incidentIdOf(member.changeId),
    members: [],
    removed: {},
    added: {},
    loose: {},
    newestAt: member.detectedAt,
  };
  state.incidents.push(incident);
  return incident;
}

/**
 * Merges incidents that turn out to have one cause: both directions of a link, or hosts with wrong
 * clocks.
 */
function mergeSameCause(state: IncidentsState, incident: IncidentState): void {
  for (const other of [...state.incidents]) {
    if (other === incident || !haveSameCause(incident, other)) continue;
    incident.members = [...other.members, ...incident.members];
    incident.newestAt = Math.max(incident.newestAt, other.newestAt);
    for (const field of ['removed', 'added', 'loose'] as const)
      addCounts(incident[field], other[field]);
    state.merged[other.id] = incident.id;
    state.incidents = state.incidents.filter((each) => each !== other);
  }
}

function addCounts(into: Record<string, number>, from: Readonly<Record<string, number>>): void {
  for (const key in from) into[key] = (into[key] ?? 0) + (from[key] as number);
}
