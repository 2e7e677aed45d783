import type { IncidentNotice, LoggedMessage } from '../../model/alerting/outbox.ts';
import { type MergedIds, resolveMergedId } from '../../model/incident/incident.ts';

/** An earlier message to a recipient, and its notice of one incident. */
export interface PastNotification {
  readonly message: LoggedMessage;
  readonly notified: IncidentNotice;
}

/** Earlier messages to a recipient by the present id of the incident, in the order of the log. */
export function notificationHistory(
  log: readonly LoggedMessage[],
  recipient: string,
  mergedIds: MergedIds,
): Map<string, PastNotification[]> {
  const history = new Map<string, PastNotification[]>();
  for (const message of log) {
    if (message.recipient !== recipient) continue;
    for (const notified of message.notices) {
      const presentId = resolveMergedId(mergedIds, notified.incidentId);
      history.set(presentId, [...(history.get(presentId) ?? []), { message, notified }]);
    }
  }
  return history;
}
