import type { Change, ChangeClass } from '../../../model/change/change.ts';
import type { IncidentMember } from '../../../model/incident/incident.ts';
import { daySeconds, hourSeconds } from '../../../model/values/time.ts';
import {
  type CauseTraits,
  causeTraits,
  kindOf,
  sharedCauseNats,
  type TestEnds,
} from './sharedCause.ts';

/** An incident between two runs. Plain JSON. */
export interface IncidentState {
  readonly id: string;
  members: IncidentMember[];
  /** By id of the change. */
  traits: Record<string, CauseTraits>;
}

/** All open incidents in the order of their start, and the current ids of merged ones. */
export interface IncidentsState {
  incidents: IncidentState[];
  merged: Record<string, string>;
}

/** A change that begins later than this after the end of an incident is another one. */
const reopenSeconds = hourSeconds;
/** Tests with long intervals report a change so late. */
const latestSeconds = daySeconds;
/** The way back to the route left first belongs to an incident for this long, accepted or not. */
const returnSeconds = 14 * daySeconds;
/** Clocks and times of traces agree as closely as this about when a route was left. */
const slackSeconds = 420;
/** Weight of the best pair beside the mean: changes of one cause may have little in common. */
const bestShare = 0.3;
/** As many members, the newest, stand for all of an incident. */
const comparedMembers = 30;

/** The present id of the incident of a change, and when the change ended; null: it is open. */
export interface Joined {
  readonly id: string;
  readonly closedAt: number | null;
}

/**
 * Adds a change to the incident it belongs to, or opens one. Changes have to come in order of
 * detection, at equal times by test id. The incident may later be merged into another: see
 * `resolveMergedId`.
 */
export function addChange(state: IncidentsState, change: Change, ends: TestEnds): Joined {
  const traits = causeTraits(change, ends);
  const ended = state.incidents.findLast((each) => isWayBack(each, change));
  const incident = ended ?? findLikeliest(state, traits) ?? openIncident(state, change);
  const closedAt = ended === undefined ? null : change.detectedAt;
  incident.members.push({ ...memberOf(change), closedAt });
  incident.traits[change.id] = traits;
  return { id: mergeSameCause(state, incident).id, closedAt };
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
  const isExpired = (incident: IncidentState) => {
    const isAccepted = incident.members.some(({ accepted }) => accepted === true);
    return now - endOf(incident) > (isAccepted ? returnSeconds : latestSeconds);
  };
  const [expired = [], remaining = []] = [true, false].map((wanted) =>
    state.incidents.filter((incident) => isExpired(incident) === wanted),
  );
  state.incidents = remaining;
  return expired;
}

/** When the last change of an incident ended; infinity while one is open. */
function endOf({ members }: IncidentState): number {
  return Math.max(...members.map(({ closedAt }) => closedAt ?? Number.POSITIVE_INFINITY));
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

function openIncident(state: IncidentsState, change: Change): IncidentState {
  const incident: IncidentState = { id: incidentIdOf(change.id), members: [], traits: {} };
  state.incidents.push(incident);
  return incident;
}

/** Whether a test is back, at no loss, on the very route that it left first in an incident. */
function isWayBack({ members }: IncidentState, change: Change): boolean {
  const { testId, seenBeforeAt, detectedAt, verdict } = change;
  const first = members.find((each) => each.testId === testId && kindOf(each) !== 'times');
  if (first === undefined || seenBeforeAt === null || verdict.effect === 'worse') return false;
  return (
    Math.abs(seenBeforeAt - first.after) <= slackSeconds &&
    detectedAt - first.detectedAt <= returnSeconds
  );
}

/** The incident whose cause a change most likely has; null if it likelier has its own. */
function findLikeliest({ incidents }: IncidentsState, traits: CauseTraits): IncidentState | null {
  let likeliest: IncidentState | null = null;
  let most = 0;
  for (const incident of incidents) {
    const nats = canJoin(incident, traits) ? natsOf(incident, [traits]) : 0;
    if (nats > most) [likeliest, most] = [incident, nats];
  }
  return likeliest;
}

function canJoin(incident: IncidentState, { after }: CauseTraits): boolean {
  return after - endOf(incident) <= reopenSeconds;
}

function comparedTraits({ members, traits }: IncidentState): CauseTraits[] {
  return members.slice(-comparedMembers).map(({ changeId }) => traits[changeId] as CauseTraits);
}

/** The evidence, in nats, that changes have the cause of an incident. */
function natsOf(incident: IncidentState, changes: readonly CauseTraits[]): number {
  const nats = comparedTraits(incident).flatMap((traits) =>
    changes.map((change) => sharedCauseNats(traits, change)),
  );
  const mean = nats.reduce((sum, each) => sum + each, 0) / nats.length;
  return (1 - bestShare) * mean + bestShare * Math.max(...nats);
}

/**
 * Merges the incidents that the newest member of one shows to have the same cause. The older one
 * remains. Returns the one that holds that member.
 */
function mergeSameCause(state: IncidentsState, grown: IncidentState): IncidentState {
  let merged = grown;
  const newest = grown.members.at(-1) as IncidentMember;
  const traits = grown.traits[newest.changeId] as CauseTraits;
  for (const other of state.incidents.filter((each) => each !== grown)) {
    if (!canJoin(other, traits) || natsOf(other, [traits]) <= 0) continue;
    if (natsOf(other, comparedTraits(merged)) > 0) merged = merge(state, merged, other);
  }
  return merged;
}

function merge(state: IncidentsState, a: IncidentState, b: IncidentState): IncidentState {
  const [older, newer] = state.incidents.filter((each) => each === a || each === b) as [
    IncidentState,
    IncidentState,
  ];
  older.members = [...older.members, ...newer.members].sort((x, y) => x.detectedAt - y.detectedAt);
  Object.assign(older.traits, newer.traits);
  state.merged[newer.id] = older.id;
  state.incidents = state.incidents.filter((each) => each !== newer);
  return older;
}
