import type { Change } from '../../../model/change.ts';
import type { IncidentMember } from '../../../model/incident.ts';
import { median } from '../../../model/statistics.ts';
import { daySeconds, hourSeconds } from '../../../model/time.ts';
import { type IncidentElements, isOnRoute, isRouteClass, weightOf } from './incidentElements.ts';

/** An incident between two runs. Plain JSON. */
export interface IncidentState {
  readonly id: string;
  members: IncidentMember[];
  /** How many members lost an element, and how many gained it. */
  removed: Record<string, number>;
  added: Record<string, number>;
  /** The same for elements that relate tests loosely: AS numbers and hosts. */
  loose: Record<string, number>;
  newestAt: number;
}

/** Clocks of measuring hosts may be off by this much, seconds, before an administrator notices. */
const slackSeconds = 420;
/** Two incidents whose times differ by more need more in common to be merged. */
const skewedSeconds = 900;
/**
 * A change joins an incident from this score on: the shares of its members, summed over the
 * elements in common.
 */
const joinScore = 0.28;
/**
 * Weight of an element that came, compared to one that left: traffic fans out from a failed
 * element.
 */
const addedWeight = 0.5;
/** An element of this share of the members is typical of an incident. */
const typicalShare = 0.4;
/** Two incidents are one when they share this part of the shorter list of typical elements. */
const sharedShare = 0.3;
/** Typical elements to share at least: more when clocks may be wrong than when times overlap. */
const minShared = { overlapping: 1, skewed: 2 };
/** An incident accepts further changes for this long. */
export const openSeconds = 6 * hourSeconds;
/** ASes and hosts that two incidents of the same minute must share to be one. */
const minSharedLoose = 1;
/** A change of a test so soon after another one belongs to it. */
const followSeconds = hourSeconds;
/** An element that left with an incident and returns within this time is the way back. */
const returnSeconds = 12 * hourSeconds;
/**
 * Within this time, the return to the route that a change left ends it, even when the change had
 * been accepted meanwhile.
 */
export const endSeconds = 4 * daySeconds;
/** Share of an incident's members that a following change of the same test has to relate to. */
const relatedShare = 0.15;
/** Later changes join with this score for the elements in common alone, within this time. */
const repeatScore = 1;
const repeatSeconds = 3 * hourSeconds;

/**
 * Finds the incident of an earlier change of the same test that this one belongs to: it follows
 * closely, is flapping, or is the way back.
 */
export function findIncidentOfTest(
  incidents: readonly IncidentState[],
  change: Change,
  elements: IncidentElements,
): IncidentState | null {
  const maxGapSeconds = change.class === 'flap' ? openSeconds : followSeconds;
  return (
    incidents.findLast((incident) => {
      const own = incident.members.filter(
        (each) => each.testId === change.testId && isRouteClass(each) === isRouteClass(change),
      );
      if (own.length === 0 || !isRelated(incident, elements)) return false;
      if (own.some((each) => change.detectedAt - each.detectedAt <= maxGapSeconds)) return true;
      const isStillOpen = own.some(
        (each) => each.closedAt === null && change.detectedAt - each.detectedAt <= returnSeconds,
      );
      return isStillOpen && elements.added.some((key) => incident.removed[key] !== undefined);
    }) ?? null
  );
}

/** Finds the incident in which a test left the route that it is back on. */
export function findEndedIncident(
  incidents: readonly IncidentState[],
  change: Change,
): IncidentState | null {
  const ends = (each: IncidentMember) => each.testId === change.testId && isEndedBy(each, change);
  return incidents.findLast(({ members }) => members.some(ends)) ?? null;
}

/** Whether a test is back on the very route that it left with an earlier change. */
function isEndedBy(member: IncidentMember, { seenBeforeAt, detectedAt }: Change): boolean {
  if (seenBeforeAt === null || detectedAt - member.detectedAt > endSeconds) return false;
  return Math.abs(seenBeforeAt - member.after) <= slackSeconds;
}

/**
 * Whether the elements that left or came with a change did so in a good part of the incident; true
 * where there are none.
 */
function isRelated(incident: IncidentState, { removed, added }: IncidentElements): boolean {
  const keys = [...removed, ...added];
  if (keys.length === 0) return true;
  let share = 0;
  for (const key of keys) share += (incident.removed[key] ?? 0) + (incident.added[key] ?? 0);
  return share >= relatedShare * incident.members.length;
}

/** Finds the open incident that a change fits best; null when it fits none. */
export function findBestMatch(
  incidents: readonly IncidentState[],
  elements: IncidentElements,
  member: IncidentMember,
): IncidentState | null {
  let best: IncidentState | null = null;
  let bestScore = joinScore;
  for (const incident of incidents) {
    const score = scoreOf(incident, elements, gapSeconds(medianSpan(incident), member), member);
    if (score > bestScore) {
      best = incident;
      bestScore = score;
    }
  }
  return best;
}

/**
 * How well a change fits an incident. Elements in common count as the share of members that have
 * them; loose ones count only when the times agree. Much in common makes up for a later time, as
 * with a flapping link.
 */
function scoreOf(
  incident: IncidentState,
  elements: IncidentElements,
  gap: number,
  member: IncidentMember,
): number {
  const members = incident.members.length;
  let score = 0;
  for (const key of elements.removed) score += (incident.removed[key] ?? 0) / members;
  for (const key of elements.added) score += (addedWeight * (incident.added[key] ?? 0)) / members;
  if (gap > 2 * slackSeconds) {
    const recent = member.detectedAt - incident.newestAt <= repeatSeconds;
    return recent && score >= repeatScore ? score : 0;
  }
  if (gap > slackSeconds) return score;
  for (const key of elements.loose) {
    const weight = weightOf(key);
    score += (weight * (incident.loose[key] ?? 0)) / members;
  }
  return score;
}

/** The median span of an incident's members. */
function medianSpan(incident: IncidentState): { after: number; by: number } {
  return {
    after: median(incident.members.map((each) => each.after)) as number,
    by: median(incident.members.map((each) => each.by)) as number,
  };
}

/** Seconds between two spans; negative when they overlap. */
function gapSeconds(
  a: { readonly after: number; readonly by: number },
  b: { readonly after: number; readonly by: number },
): number {
  return Math.max(a.after, b.after) - Math.min(a.by, b.by);
}

/**
 * Whether two incidents are one: both directions of a link, both address families, or hosts with
 * wrong clocks.
 */
export function haveSameCause(a: IncidentState, b: IncidentState): boolean {
  const gap = gapSeconds(medianSpan(a), medianSpan(b));
  if (gap > skewedSeconds) return false;
  if (gap <= 0 && hasRouteChange(a) === hasRouteChange(b)) {
    const loose = typicalOf(a, 'loose').filter((key) => !isOnRoute(key));
    if (countCommon(loose, typicalOf(b, 'loose')) >= minSharedLoose) return true;
  }
  const typicalA = typicalOf(a, 'removed');
  const typicalB = typicalOf(b, 'removed');
  const shared = countCommon(typicalA, typicalB);
  if (shared < sharedShare * Math.min(typicalA.length, typicalB.length)) return false;
  return shared >= (gap <= 0 ? minShared.overlapping : minShared.skewed);
}

/** Whether a route or the reachability of a test is part of it. */
function hasRouteChange({ members }: IncidentState): boolean {
  return members.some(isRouteClass);
}

function countCommon(a: readonly string[], b: readonly string[]): number {
  return a.filter((key) => b.includes(key)).length;
}

function typicalOf(incident: IncidentState, kind: 'removed' | 'loose'): string[] {
  const least = typicalShare * incident.members.length;
  const counts = incident[kind];
  return Object.keys(counts).filter((key) => (counts[key] as number) >= least);
}
