import type { Change } from '../../model/change.ts';
import type { IncidentMember } from '../../model/incident.ts';
import { median } from './rank.ts';

/** What the grouping needs to know of a test: host names (the same for both address families) or addresses. */
export interface TestEnds {
  readonly source: string;
  readonly destination: string;
}

/** An incident as it is kept between runs. Plain JSON. */
export interface IncidentState {
  readonly id: string;
  members: IncidentMember[];
  /** In how many members an element was lost, and in how many it came. */
  left: Record<string, number>;
  came: Record<string, number>;
  /** The same for what relates tests loosely: AS numbers and hosts. */
  loose: Record<string, number>;
  newestAt: number;
}

/** Clocks of measuring hosts are this far apart, seconds, without anybody noticing. */
const slackSeconds = 420;
/** Merging two incidents needs more in common when their times are this far apart. */
const skewedSeconds = 900;
/** An outage that begins so near to the source may be the source's. */
const nearHops = 4;
/** Share of an incident's members, summed over the elements in common, that makes a change one of it. */
const joinScore = 0.34;
/** What came instead says less than what left: traffic fans out from a failed element. */
const cameWeight = 0.5;
/** Elements in so many of the members are typical of an incident. */
const typicalShare = 0.4;
export const openSeconds = 6 * 3600;
/** AS and hosts that two incidents of the same minute must share to be one. */
const looselyShared = 2;
/** A change of a test so soon after another one of it is a part of it. */
const followSeconds = 3600;
/** The way back joins the incident that it ends, so long after. */
const backSeconds = 12 * 3600;
/** A shared AS or host says this much, when the times agree. */
const looseWeight = 0.15;
/** Later changes join by what they have in common alone: this much, and this soon. */
const repeatScore = 1;
const repeatSeconds = 3 * 3600;

/** What a change has in common with others of the same cause. */
export interface Elements {
  readonly left: readonly string[];
  readonly came: readonly string[];
  readonly loose: readonly string[];
}

/** What a change shares with others of the same cause. An outage also blames the hosts at its ends. */
export function elementsOf(change: Change, ends: TestEnds): Elements {
  const left = [...change.evidence.left, ...change.evidence.leftLinks];
  if (change.class === 'unreachable') {
    left.push(`host ${ends.destination}`);
    if (reachedHops(change) <= nearHops) left.push(`host ${ends.source}`);
  }
  const loose = change.evidence.systems.map((asn) => `as ${asn}`);
  loose.push(`host ${ends.source}`, `host ${ends.destination}`);
  return { left: [...new Set(left)], came: change.evidence.came, loose };
}

function reachedHops(change: Change): number {
  return change.route.filter((hop) => hop.after.length > 0).length;
}

/** What follows closely on a change of the same test belongs to it, and so does flapping and the way back. */
export function ownIncident(
  incidents: readonly IncidentState[],
  change: Change,
  elements: Elements,
): IncidentState | null {
  const window = change.class === 'flap' ? openSeconds : followSeconds;
  return (
    incidents.findLast((incident) => {
      const own = incident.members.filter((each) => each.testId === change.testId);
      if (own.some((each) => change.detectedAt - each.detectedAt <= window)) return true;
      const unsettled = own.some(
        (each) => each.closedAt === null && change.detectedAt - each.detectedAt <= backSeconds,
      );
      return unsettled && elements.came.some((key) => incident.left[key] !== undefined);
    }) ?? null
  );
}

/** The open incident that a change fits best; null when it fits none. */
export function bestMatch(
  incidents: readonly IncidentState[],
  elements: Elements,
  member: IncidentMember,
): IncidentState | null {
  let best: IncidentState | null = null;
  let bestScore = joinScore;
  for (const incident of incidents) {
    const score = scoreOf(incident, elements, gapSeconds(spanOf(incident), member), member);
    if (score > bestScore) {
      best = incident;
      bestScore = score;
    }
  }
  return best;
}

/**
 * How well a change fits an incident. Things in common count as the share of members that have them; what relates tests
 * loosely counts only when the times agree; much in common makes up for a later time, as of a link that flaps.
 */
function scoreOf(
  incident: IncidentState,
  elements: Elements,
  gap: number,
  member: IncidentMember,
): number {
  const members = incident.members.length;
  let score = 0;
  for (const key of elements.left) score += (incident.left[key] ?? 0) / members;
  for (const key of elements.came) score += (cameWeight * (incident.came[key] ?? 0)) / members;
  if (gap > 2 * slackSeconds) {
    const recent = member.detectedAt - incident.newestAt <= repeatSeconds;
    return recent && score >= repeatScore ? score : 0;
  }
  if (gap > slackSeconds) return score;
  for (const key of elements.loose) score += (looseWeight * (incident.loose[key] ?? 0)) / members;
  return score;
}

/** The median span of an incident's members. */
function spanOf(incident: IncidentState): { after: number; by: number } {
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

/** Whether two incidents are one: both directions of a link, both address families, or hosts with wrong clocks. */
export function sameCause(a: IncidentState, b: IncidentState): boolean {
  const gap = gapSeconds(spanOf(a), spanOf(b));
  if (gap > skewedSeconds) return false;
  if (gap <= 0 && common(typicalOf(a, 'loose'), typicalOf(b, 'loose')) >= looselyShared)
    return true;
  const typicalA = typicalOf(a, 'left');
  const typicalB = typicalOf(b, 'left');
  const shared = common(typicalA, typicalB);
  if (shared < 0.3 * Math.min(typicalA.length, typicalB.length)) return false;
  return shared >= (gap <= 0 ? 1 : 2);
}

function common(a: readonly string[], b: readonly string[]): number {
  return a.filter((key) => b.includes(key)).length;
}

function typicalOf(incident: IncidentState, kind: 'left' | 'loose'): string[] {
  const least = typicalShare * incident.members.length;
  const counts = incident[kind];
  return Object.keys(counts).filter((key) => (counts[key] as number) >= least);
}
