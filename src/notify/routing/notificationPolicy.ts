import type { IncidentNotice } from '../../model/outbox.ts';
import { isWithin, localTime } from './localTime.ts';
import { type PastNotification, resolveMergedId } from './notificationHistory.ts';
import type { NotificationPlanInput, RecipientView } from './notificationPlan.ts';
import { isAtLeast, type Recipient } from './recipient.ts';

const updateIntervalSeconds = 3600;
/** An update is worth a message when so many times the tests told of have changed. */
const growthFactor = 1.5;
/** What was over for longer than this before it could be told is left to the digest. */
const maxEndAgeSeconds = 86_400;
const maxGroupWaitSeconds = 3600;
const defaultIntervalSeconds = 600;

/** Whether a recipient is to be told of an incident now, and as what; null: not now. Knows nothing of the hourly limit. */
export function notificationKindFor(
  view: RecipientView,
  history: readonly PastNotification[],
  recipient: Recipient,
  input: NotificationPlanInput,
): IncidentNotice['kind'] | null {
  if (isDeferred(view, recipient, input.now)) return null;
  const individual = history.filter(({ notified: { kind } }) => kind !== 'digest');
  return individual.length === 0
    ? firstNotificationKind(view, recipient, input)
    : followUpKind(view, individual, input);
}

/** In the quiet hours only what is critical is told. */
function isDeferred({ severity }: RecipientView, recipient: Recipient, now: number): boolean {
  return severity !== 'critical' && isQuiet(recipient, now);
}

/** Whether it is a recipient's quiet time. */
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

/** Whether an incident was over, or normal, long before anybody could be told of it. */
export function isOutdated({ ending, endedAt, status }: RecipientView, now: number): boolean {
  if (ending === null) return false;
  return status === 'accepted' || (endedAt !== null && now - endedAt > maxEndAgeSeconds);
}

function followUpKind(
  view: RecipientView,
  individual: readonly PastNotification[],
  input: NotificationPlanInput,
): IncidentNotice['kind'] | null {
  const lastNotification = individual.at(-1) as PastNotification;
  const isRecent = input.now - lastNotification.message.plannedAt < updateIntervalSeconds;
  if (view.ending !== null)
    return isEndNotified(view, lastNotification, isRecent) ? null : view.ending;
  if (isAcknowledged(view, input) || isRecent) return null;
  const isWorse =
    lastNotification.notified.severity !== view.severity &&
    isAtLeast(view.severity, lastNotification.notified.severity);
  const hasGrown = view.tests.length >= growthFactor * lastNotification.notified.tests;
  return lastNotification.notified.kind === 'recovered' || isWorse || hasGrown ? 'update' : null;
}

/** Whether people know that it is over. What came again after that and went before it could be told is an end of its own. */
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
  { acknowledgements, mergedInto }: NotificationPlanInput,
): boolean {
  return acknowledgements.some(
    ({ incidentId }) => resolveMergedId(mergedInto, incidentId) === incident.id,
  );
}

/** Two intervals of the slowest test: what has the same cause shows up within them. */
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
