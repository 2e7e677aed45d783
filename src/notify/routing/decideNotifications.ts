import { messageKinds } from '../../model/alerting/outbox.ts';
import { compareSeverity } from '../../model/change/change.ts';
import { hourSeconds } from '../../model/values/time.ts';
import { buildIncidentNotification, buildListNotification } from './buildNotification.ts';
import { digestFor } from './digest.ts';
import { filterForRecipient } from './filterForRecipient.ts';
import { notificationHistory, type PastNotification } from './notificationHistory.ts';
import type {
  NotificationItem,
  NotificationPlanInput,
  PlannedNotification,
} from './notificationPlan.ts';
import { dueNotification } from './notificationPolicy.ts';
import type { Recipient } from './recipient.ts';

/**
 * The messages that are due now. The result depends on the input alone; once its messages are in
 * the log, the next plan is empty. An incident gets an alert, updates as it grows, and a message at
 * its end. Quiet hours let only critical ones pass, a summary holds those beyond the hourly limit,
 * and the minor ones go into a daily digest.
 */
export function decideNotifications(input: NotificationPlanInput): PlannedNotification[] {
  return input.recipients.flatMap((recipient) => {
    const history = notificationHistory(input.log, recipient.id, input.mergedIds);
    const views = input.incidents.flatMap(
      (incident) => filterForRecipient(incident, recipient, input) ?? [],
    );
    const items = views.flatMap((each): NotificationItem[] => {
      const due = dueNotification(each, history.get(each.incident.id) ?? [], recipient, input);
      return due === null ? [] : [{ view: each, ...due }];
    });
    const digest = digestFor(recipient, views, history, input);
    return [...applyHourlyLimit(items.sort(byUrgency), recipient, history, input), ...digest];
  });
}

function byUrgency({ kind, view }: NotificationItem, other: NotificationItem): number {
  return (
    compareSeverity(view, other.view) ||
    messageKinds.indexOf(kind) - messageKinds.indexOf(other.kind) ||
    view.detectedAt - other.view.detectedAt ||
    (view.incident.id < other.view.incident.id ? -1 : 1)
  );
}

/**
 * As many messages as the hour still allows, and a summary of the others if the hour had none yet.
 */
function applyHourlyLimit(
  items: readonly NotificationItem[],
  recipient: Recipient,
  history: ReadonlyMap<string, readonly PastNotification[]>,
  input: NotificationPlanInput,
): PlannedNotification[] {
  const recent = input.log.filter(
    ({ recipient: id, plannedAt }) => id === recipient.id && plannedAt > input.now - hourSeconds,
  );
  const sentCount = recent.filter(({ kind }) => kind !== 'digest' && kind !== 'summary').length;
  const remaining = Math.max(0, recipient.perHour - sentCount);
  const individual = items
    .slice(0, remaining)
    .map((item) =>
      buildIncidentNotification(item, recipient, history.get(item.view.incident.id) ?? [], input),
    );
  const excess = items.slice(remaining);
  if (excess.length === 0 || recent.some(({ kind }) => kind === 'summary')) return individual;
  return [...individual, buildListNotification('summary', input.now, excess, recipient, input)];
}
