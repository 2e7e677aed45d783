import type { Incident, IncidentMember } from '../model/incident.ts';
import { incidentCode } from './incidentCode.ts';
import type { Heard, PlanInput } from './planInput.ts';
import { type Recipient, wants, worstOf } from './recipient.ts';
import { isMuted } from './silences.ts';

/** Share of members that have ended from which on an incident is over. */
const overShare = 0.8;

/** An incident as far as it concerns a recipient; null when nothing of it does, or all of it is silenced or past. */
export function hear(incident: Incident, recipient: Recipient, input: PlanInput): Heard | null {
  const members = incident.members.filter((member) => isHeard(member, incident, recipient, input));
  const first = members[0];
  if (first === undefined) return null;
  const closed = members.filter(({ closedAt }) => closedAt !== null);
  const all = members.length === incident.members.length;
  const course = all ? incident.course : courseOf(members.length, closed.length, incident);
  const ending = endingOf(course, closed, input.accepted);
  const ends = closed.map(({ closedAt }) => closedAt ?? 0);
  return {
    incident,
    members,
    code: incidentCode(incident.id, input.secret),
    tests: [...new Set(members.map(({ testId }) => testId))],
    severity: all ? incident.severity : worstOf(members.map(({ severity }) => severity)),
    course,
    startedAt: startOf(members),
    detectedAt: Math.min(...members.map(({ detectedAt }) => detectedAt)),
    endedAt: ending === null || ends.length === 0 ? null : Math.max(...ends),
    ending,
  };
}

function isHeard(
  member: IncidentMember,
  { suspect }: Incident,
  recipient: Recipient,
  { changes, tests, groups, silences, watchedSince, now }: PlanInput,
): boolean {
  const change = changes.get(member.changeId);
  const test = tests.get(member.testId);
  if (change === undefined || test === undefined) return false;
  if (member.detectedAt < (watchedSince.get(test.id) ?? Number.POSITIVE_INFINITY)) return false;
  if (!wants(recipient, change, test, groups)) return false;
  return !isMuted({ change, test, suspect, closedAt: member.closedAt }, silences, groups, now);
}

/** The median of when each test changed first: clocks of measuring hosts differ, and some tests change again later. */
function startOf(members: readonly IncidentMember[]): number {
  const first = new Map<string, number>();
  for (const { testId, by } of members) first.set(testId, Math.min(by, first.get(testId) ?? by));
  const sorted = [...first.values()].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}

function courseOf(members: number, closed: number, { course }: Incident): Incident['course'] {
  if (closed >= overShare * members) return 'recovered';
  return course === 'recovered' ? 'open' : course;
}

function endingOf(
  course: Incident['course'],
  closed: readonly IncidentMember[],
  accepted: ReadonlySet<string>,
): Heard['ending'] {
  if (course === 'accepted') return 'accepted';
  if (course !== 'recovered') return null;
  const asNormal = closed.filter(({ changeId }) => accepted.has(changeId)).length;
  return 2 * asNormal > closed.length ? 'accepted' : 'recovered';
}
