import { keyedDigest } from '../../lib/keyedDigest.ts';
import type { IncidentNotice, LoggedMessage } from '../../model/outbox.ts';
import type { PastNotification } from './notificationHistory.ts';
import type {
  NotificationItem,
  NotificationPlanInput,
  PlannedNotification,
} from './notificationPlan.ts';
import type { Recipient } from './recipient.ts';

/** A mail refers to so many earlier ones of its thread at most: the first and the latest. */
const maxReferences = 10;

/** A message about one incident, as an answer to those before it. */
export function buildIncidentNotification(
  item: NotificationItem,
  recipient: Recipient,
  history: readonly PastNotification[],
  { now, mailDomain, secret }: NotificationPlanInput,
): PlannedNotification {
  const { incident } = item.view;
  const individual = history.filter((each) => each.notified.kind !== 'digest');
  const key = `${recipient.id}/${incident.id}/${individual.length + 1}`;
  const references = [...new Set(individual.map(({ message }) => message.messageId))];
  return {
    key,
    recipient,
    kind: item.kind,
    thread:
      individual.find(({ message }) => message.thread !== null)?.message.thread ?? incident.id,
    plannedAt: now,
    messageId: messageIdOf(key, mailDomain, secret),
    references: [...references.slice(0, 1), ...references.slice(1).slice(1 - maxReferences)],
    items: [item],
  };
}

/** One message about several incidents; `due` tells one digest or summary from the next. */
export function buildListNotification(
  kind: 'summary' | 'digest',
  due: number,
  items: readonly NotificationItem[],
  recipient: Recipient,
  { now, mailDomain, secret }: NotificationPlanInput,
): PlannedNotification {
  const key = `${recipient.id}/${kind}/${due}`;
  const messageId = messageIdOf(key, mailDomain, secret);
  return { key, recipient, kind, thread: null, plannedAt: now, messageId, references: [], items };
}

/** What the log keeps of a message. */
export function toLoggedMessage({
  recipient,
  items,
  references: _,
  ...message
}: PlannedNotification): LoggedMessage {
  const notices = items.map(
    ({ view, kind }): IncidentNotice => ({
      incidentId: view.incident.id,
      kind,
      tests: view.tests.length,
      severity: view.severity,
      endedAt: view.endedAt,
    }),
  );
  return { ...message, recipient: recipient.id, notices };
}

/**
 * The same for the same key, so that a mail sent again is recognised as the same one. Of letters and digits only: keys hold ids
 * of tests, and with them addresses; `secret` (or null) is for those that have to be hidden.
 */
export function messageIdOf(key: string, domain: string, secret: Buffer | null): string {
  return `<pstrace.${keyedDigest(key, secret, 32)}@${domain}>`;
}

/** A key by which programs know a message that comes again, made of its Message-ID. */
export function idempotencyKey(messageId: string): string {
  return keyedDigest(messageId, null, 32);
}
