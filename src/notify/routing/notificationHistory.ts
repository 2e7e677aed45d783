import { type MergedIds, resolveMergedId } from '../../model/incident.ts';
import type { IncidentNotice, LoggedMessage } from '../../model/outbox.ts';

/** What one recipient was told of one incident, oldest first. */
export interface PastNotification {
  readonly message: LoggedMessage;
  readonly notified: IncidentNotice;
}

/** What a recipient was told of each incident, by its present id. The log is in the order of planning. */
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
