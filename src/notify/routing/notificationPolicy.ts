import type { IncidentNotice } from '../../model/alerting/outbox.ts';
import { canBecomeUsual } from '../../model/change/change.ts';
import { resolveMergedId } from '../../model/incident/incident.ts';
import { daySeconds, hourSeconds, isWithin } from '../../model/values/time.ts';
import { localTime } from './localTime.ts';
import type { PastNotification } from './notificationHistory.ts';
import type { NotificationItem, NotificationPlanInput, RecipientView } from './notificationPlan.ts';
import { isAtLeast, type Recipient } from './recipient.ts';

const updateIntervalSeconds = hourSeconds;
/** An update is due when the number of tests has grown by this factor. */
const growthFactor = 1.5;
/** An incident that ended longer ago than this goes into the digest only. */
const maxEndAgeSeconds = daySeconds;
/** While something bad lasts, a reminder is due at these ages. */
const reminderAges = [daySeconds, 7 * daySeconds, 30 * daySeconds] as const;
const maxGroupWaitSeconds = hourSeconds;
const defaultIntervalSeconds = 600;

/** A message that is due about an incident. */
export type DueNotification = Pick<NotificationItem, 'kind' | 'isReminder'>;

/** The message that is due now about an incident, before the hourly limit; null for none. */
export function dueNotification(
  view: RecipientView,
  history: readonly PastNotification[],
  recipient: Recipient,
  input: NotificationPlanInput,
): DueNotification | null {
  if (isDeferred(view, recipient, input.now)) return null;
  const individual = history.filter(({ notified: { kind } }) => kind !== 'digest');
  if (individual.length > 0) return followUp(view, individual, input);
  const kind = firstNotificationKind(view, recipient, input);
  return kind === null ? null : { kind };
}

/** Quiet hours let only critical incidents pass. */
function isDeferred({ severity }: RecipientView, recipient: Recipient, now: number): boolean {
  return severity !== 'critical' && isQuiet(recipient, now);
}

/** Whether a moment lies in the quiet hours of a recipient. */
export function isQuiet({ quiet, timeZone }: Recipient, now: number): boolean {
  return quiet !== null && isWithin(localTime(now, timeZone).minutes, quiet);
}

function firstNotificationKind(
  view: RecipientView,
  recipient: Recipient,
  input: NotificationPlanInput,
): IncidentNotice['kind'] | null {
  if (!isAtLeast(view.severity, recipient.alertFrom) || isOutdated(view, input.now)) return null;
  if (view.ending !== null) return view.ending;
  if (isAcknowledged(view, input)) return null;
  return input.now >= view.detectedAt + groupWaitFor(view, input) ? 'alert' : null;
}

/** Whether an incident ended, or was accepted, too long ago for a message of its own. */
export function isOutdated({ ending, endedAt, status }: RecipientView, now: number): boolean {
  if (ending === null) return false;
  return status === 'accepted' || (endedAt !== null && now - endedAt > maxEndAgeSeconds);
}

function followUp(
  view: RecipientView,
  individual: readonly PastNotification[],
  input: NotificationPlanInput,
): DueNotification | null {
  const lastNotification = individual.at(-1) as PastNotification;
  const isRecent = input.now - lastNotification.message.plannedAt < updateIntervalSeconds;
  if (view.ending !== null)
    return isEndNotified(view, lastNotification, isRecent) ? null : { kind: view.ending };
  if (isAcknowledged(view, input) || isRecent) return null;
  const isWorse =
    lastNotification.notified.severity !== view.severity &&
    isAtLeast(view.severity, lastNotification.notified.severity);
  const hasGrown = view.tests.length >= growthFactor * lastNotification.notified.tests;
  const { kind } = lastNotification.notified;
  const isBack = kind === 'recovered' || kind === 'accepted';
  if (isBack || isWorse || hasGrown) return { kind: 'update' };
  return isReminderDue(view, lastNotification, input) ? { kind: 'update', isReminder: true } : null;
}

/**
 * Whether the incident has reached an age at which a reminder goes out, and no message has gone out
 * since. A mere change of route needs none: it becomes the new baseline.
 */
function isReminderDue(
  { members, detectedAt }: RecipientView,
  { message }: PastNotification,
  { now, changes }: NotificationPlanInput,
): boolean {
  const lasts = members.some(({ changeId, closedAt }) => {
    const change = changes.get(changeId);
    return closedAt === null && change !== undefined && !canBecomeUsual(change);
  });
  const isDueAt = (at: number) => message.plannedAt < at && at <= now;
  return lasts && reminderAges.some((age) => isDueAt(detectedAt + age));
}

/**
 * Whether the recipient knows of the end. If the incident came back after that and ended again
 * before an update, the second end is new.
 */
function isEndNotified(
  { ending, members }: RecipientView,
  { notified }: PastNotification,
  isRecent: boolean,
): boolean {
  if (notified.kind === 'accepted') return ending === 'accepted';
  if (notified.kind !== 'recovered') return false;
  const notifiedEnd = notified.endedAt ?? Number.POSITIVE_INFINITY;
  return isRecent || members.every(({ detectedAt }) => detectedAt <= notifiedEnd);
}

function isAcknowledged(
  { incident }: RecipientView,
  { acknowledgements, mergedIds }: NotificationPlanInput,
): boolean {
  return acknowledgements.some(
    ({ incidentId }) => resolveMergedId(mergedIds, incidentId) === incident.id,
  );
}

/** Two intervals of the slowest test: changes with a common cause appear within them. */
function groupWaitFor(
  { tests }: RecipientView,
  { groupWaitSeconds, tests: knownTests }: NotificationPlanInput,
): number {
  if (groupWaitSeconds !== null) return groupWaitSeconds;
  const intervals = tests.map(
    (id) => knownTests.get(id)?.intervalSeconds ?? defaultIntervalSeconds,
  );
  return Math.min(2 * Math.max(...intervals), maxGroupWaitSeconds);
}
