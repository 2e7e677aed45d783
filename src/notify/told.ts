import type { LoggedMessage, Told } from '../model/outbox.ts';

/** What one recipient was told of one incident, oldest first. */
export interface PastTelling {
  readonly message: LoggedMessage;
  readonly told: Told;
}

/** The id under which an incident goes now, when it has become part of others. */
export function currentId(merged: Readonly<Record<string, string>>, id: string): string {
  let current = id;
  for (let next = merged[current]; next !== undefined; next = merged[current]) current = next;
  return current;
}

/** What a recipient was told of each incident, by its present id. The log is in the order of planning. */
export function pastTellings(
  log: readonly LoggedMessage[],
  recipient: string,
  merged: Readonly<Record<string, string>>,
): Map<string, PastTelling[]> {
  const past = new Map<string, PastTelling[]>();
  for (const message of log) {
    if (message.recipient !== recipient) continue;
    for (const told of message.tells) {
      const id = currentId(merged, told.incidentId);
      past.set(id, [...(past.get(id) ?? []), { message, told }]);
    }
  }
  return past;
}
