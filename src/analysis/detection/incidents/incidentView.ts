import { worstSeverity } from '../../../model/change.ts';
import {
  type Incident,
  type IncidentStatus,
  isRecovered,
  type SuspectKind,
} from '../../../model/incident.ts';
import { median } from '../../../model/statistics.ts';
import { deviceOf } from './incidentElements.ts';
import type { IncidentState } from './incidentMatching.ts';

/** The tests that pass an element on their usual route; the empty set when none does. */
export type UsersOf = (element: string) => ReadonlySet<string>;

/** A member that joined within this time makes an incident a growing one. */
const growingSeconds = 1200;

/**
 * An incident as users see it at a moment (epoch seconds): its status, the suspect, and the tests
 * that use the suspect and did not change. The suspect is the element that most members lost and
 * that most of its users lost, in that order of weight.
 */
export function viewIncident(state: IncidentState, usersOf: UsersOf, now: number): Incident {
  const tests = [...new Set(state.members.map((member) => member.testId))].sort();
  const suspect = suspectOf(state, tests, usersOf);
  const users = suspect === null ? new Set<string>() : usersOf(suspect);
  const open = state.members.some((member) => member.closedAt === null);
  const ends = state.members.flatMap((member) => member.closedAt ?? []);
  return {
    id: state.id,
    members: state.members,
    status: statusOf(state, now),
    severity: worstSeverity(state.members),
    from: median(state.members.map((member) => member.by)) as number,
    to: open || ends.length === 0 ? null : Math.max(...ends),
    suspect: toSuspect(suspect),
    tests,
    unaffectedTests: [...users].filter((test) => !tests.includes(test)).sort(),
  };
}

function statusOf(state: IncidentState, now: number): IncidentStatus {
  const closed = state.members.filter((member) => member.closedAt !== null);
  if (isRecovered(closed.length, state.members.length)) {
    const accepted = closed.filter((member) => member.accepted).length;
    return 2 * accepted > closed.length ? 'accepted' : 'recovered';
  }
  const recentCount = state.members.filter(
    (member) => now - member.detectedAt <= growingSeconds,
  ).length;
  return recentCount > 0 ? 'growing' : 'open';
}

/**
 * The element that left with most members; where none did, a device next to the difference or on
 * all routes.
 */
function suspectOf(
  state: IncidentState,
  tests: readonly string[],
  usersOf: UsersOf,
): string | null {
  return (
    findMostSuspected(state.removed, tests, usersOf) ??
    findMostSuspected(looseDevices(state), tests, usersOf)
  );
}

function findMostSuspected(
  counts: Readonly<Record<string, number>>,
  tests: readonly string[],
  usersOf: UsersOf,
): string | null {
  let best: string | null = null;
  let bestScore = 0;
  for (const element of Object.keys(counts).sort()) {
    const users = usersOf(element);
    const changed = tests.filter((test) => users.has(test)).length;
    const share = users.size > 0 ? changed / users.size : 1;
    const score = (counts[element] as number) * share;
    if (score > bestScore) {
      best = element;
      bestScore = score;
    }
  }
  return best;
}

function looseDevices({ loose }: IncidentState): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const key in loose) {
    const device = deviceOf(key);
    if (device !== null) counts[device] = (counts[device] ?? 0) + (loose[key] as number);
  }
  return counts;
}

/** Reads an element: `host a`, `archive a`, or the name of a device or link. */
function toSuspect(element: string | null): Incident['suspect'] {
  if (element === null) return { kind: 'unknown', name: '' };
  const [, kind, name] = /^(host|archive) (.+)$/.exec(element) ?? [];
  if (name !== undefined) return { kind: kind as SuspectKind, name };
  return { kind: element.includes('/') ? 'link' : 'router', name: element };
}
