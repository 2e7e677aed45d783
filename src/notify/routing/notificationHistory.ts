import type { IncidentNotice, LoggedMessage } from '../../model/outbox.ts';

/** What one recipient was told of one incident, oldest first. */
export interface PastNotification {
  readonly message: LoggedMessage;
  readonly notified: IncidentNotice;
}

/** The id under which an incident goes now, when it has become part of others. */
export function resolveMergedId(merged: Readonly<Record<string, string>>, id: string): string {
  let presentId = id;
  for (let nextId = merged[presentId]; nextId !== undefined; nextId = merged[presentId])
    presentId = nextId;
  return presentId;
}

/** What a recipient was told of each incident, by its present id. The log is in the order of planning. */
export function notificationHistory(
  log: readonly LoggedMessage[],
  recipient: string,
  merged: Readonly<Record<string, string>>,
): Map<string, PastNotification[]> {
  const history = new Map<string, PastNotification[]>();
  for (const message of log) {
    if (message.recipient !== recipient) continue;
    for (const notified of message.notices) {
      const presentId = resolveMergedId(merged, notified.incidentId);
      history.set(presentId, [...(history.get(presentId) ?? []), { message, notified }]);
    }
  }
  return history;
}
