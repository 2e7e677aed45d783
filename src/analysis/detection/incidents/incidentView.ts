import { worstSeverity } from '../../../model/change/change.ts';
import {
  type Incident,
  type IncidentStatus,
  isOver,
  startOf,
} from '../../../model/incident/incident.ts';
import type { IncidentState } from './incidents.ts';
import { type Suspicion, testsOf } from './suspects.ts';

/** A member that joined within this time makes an incident a growing one. */
const growingSeconds = 1200;

/**
 * An incident as users see it at a moment (epoch seconds): its status, the suspect, and the tests
 * that use the suspect and did not change.
 */
export function viewIncident(state: IncidentState, suspicion: Suspicion, now: number): Incident {
  const open = state.members.some((member) => member.closedAt === null);
  const ends = state.members.flatMap((member) => member.closedAt ?? []);
  return {
    id: state.id,
    members: state.members,
    status: statusOf(state, now),
    severity: worstSeverity(state.members),
    from: startOf(state.members),
    to: open || ends.length === 0 ? null : Math.max(...ends),
    suspect: suspicion.suspect,
    tests: testsOf(state),
    unaffectedTests: suspicion.unaffectedTests,
  };
}

function statusOf(state: IncidentState, now: number): IncidentStatus {
  const closed = state.members.filter((member) => member.closedAt !== null);
  if (isOver(state.members)) {
    const accepted = closed.filter((member) => member.accepted).length;
    return 2 * accepted > closed.length ? 'accepted' : 'recovered';
  }
  const recentCount = state.members.filter(
    (member) => now - member.detectedAt <= growingSeconds,
  ).length;
  return recentCount > 0 ? 'growing' : 'open';
}
