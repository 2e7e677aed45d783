import type { Acceptance } from '../../model/change/acceptance.ts';
import { worstSeverity } from '../../model/change/change.ts';
import {
  formerIds,
  type Incident,
  type IncidentMember,
  isOpenIncident,
  isOver,
  startOf,
} from '../../model/incident/incident.ts';
import { incidentCode } from './incidentCode.ts';
import type { NotificationPlanInput, RecipientView } from './notificationPlan.ts';
import { isSubscribed, type Recipient } from './recipient.ts';
import { isSilencedNow } from './silences.ts';

/** The part of an incident that concerns a recipient and is not silenced; null if there is none. */
export function filterForRecipient(
  incident: Incident,
  recipient: Recipient,
  input: NotificationPlanInput,
): RecipientView | null {
  const members = incident.members.filter((member) =>
    concernsRecipient(member, incident, recipient, input),
  );
  const first = members[0];
  if (first === undefined) return null;
  const closed = members.filter(({ closedAt }) => closedAt !== null);
  const isComplete = members.length === incident.members.length;
  const status = isComplete ? incident.status : statusOf(members, incident);
  const ending = endingOf(status, closed, input.acceptedChanges);
  const endTimes = closed.map(({ closedAt }) => closedAt ?? 0);
  return {
    incident,
    formerIds: formerIds(input.mergedIds, incident.id),
    members,
    code: incidentCode(incident.id, input.secret),
    tests: [...new Set(members.map(({ testId }) => testId))],
    severity: isComplete ? incident.severity : worstSeverity(members),
    status,
    startedAt: startOf(members),
    detectedAt: Math.min(...members.map(({ detectedAt }) => detectedAt)),
    endedAt: ending === null || endTimes.length === 0 ? null : Math.max(...endTimes),
    ending,
    acceptance: newestAcceptance(members, input),
  };
}

function concernsRecipient(
  member: IncidentMember,
  { suspect }: Incident,
  recipient: Recipient,
  { changes, tests, groups, silences, watchedSince, now }: NotificationPlanInput,
): boolean {
  const change = changes.get(member.changeId);
  const test = tests.get(member.testId);
  if (change === undefined || test === undefined) return false;
  if (member.detectedAt < (watchedSince.get(test.id) ?? Number.POSITIVE_INFINITY)) return false;
  if (!isSubscribed(recipient, change, test, groups)) return false;
  return !isSilencedNow(
    { change, test, suspect, closedAt: member.closedAt },
    silences,
    groups,
    now,
  );
}

function statusOf(members: readonly IncidentMember[], { status }: Incident): Incident['status'] {
  if (isOver(members)) return 'recovered';
  return isOpenIncident({ status }) ? status : 'open';
}

function newestAcceptance(
  members: readonly IncidentMember[],
  { acceptances }: NotificationPlanInput,
): Acceptance | null {
  const found = members.flatMap(({ changeId, accepted }) =>
    accepted === true ? (acceptances.get(changeId) ?? []) : [],
  );
  return found.toSorted((a, b) => b.at - a.at)[0] ?? null;
}

function endingOf(
  status: Incident['status'],
  closed: readonly IncidentMember[],
  acceptedChanges: ReadonlySet<string>,
): RecipientView['ending'] {
  if (status === 'accepted') return 'accepted';
  if (status !== 'recovered') return null;
  const acceptedCount = closed.filter(({ changeId }) => acceptedChanges.has(changeId)).length;
  return 2 * acceptedCount > closed.length ? 'accepted' : 'recovered';
}
