import { isEndKind } from '../../model/alerting/outbox.ts';
import { messageIdOf } from './buildNotification.ts';
import { filterForRecipient } from './filterForRecipient.ts';
import { notificationHistory } from './notificationHistory.ts';
import type { NotificationPlanInput, PlannedNotification } from './notificationPlan.ts';
import type { Recipient } from './recipient.ts';

/**
 * The incidents that a recipient was notified about and that have not ended, as messages that
 * repeat the alerts. They leave no trace in the log.
 */
export function standingAlerts(
  recipient: Recipient,
  input: NotificationPlanInput,
): PlannedNotification[] {
  const history = notificationHistory(input.log, recipient.id, input.mergedIds);
  return input.incidents.flatMap((incident) => {
    const last = history.get(incident.id)?.findLast(({ notified }) => notified.kind !== 'digest');
    if (last === undefined || isEndKind(last.notified.kind)) return [];
    const view = filterForRecipient(incident, recipient, input);
    if (view === null || view.ending !== null) return [];
    const key = `${recipient.id}/${incident.id}/standing/${input.now}`;
    return [
      {
        key,
        recipient,
        kind: 'update',
        thread: null,
        plannedAt: input.now,
        messageId: messageIdOf(key, input.mailDomain, input.secret),
        references: [],
        threadSubject: null,
        items: [{ view, kind: 'update' }],
      },
    ];
  });
}
