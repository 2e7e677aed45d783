import { keyedDigest } from '../../lib/keyedDigest.ts';
import type { IncidentNotice, LoggedMessage } from '../../model/alerting/outbox.ts';
import type { PastNotification } from './notificationHistory.ts';
import type {
  NotificationItem,
  NotificationPlanInput,
  PlannedNotification,
} from './notificationPlan.ts';
import type { Recipient } from './recipient.ts';

/** A mail refers to at most this many earlier ones of its thread: the first and the latest. */
const maxReferences = 10;

/** A message about one incident, as a reply to the earlier ones. */
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
    threadSubject: individual.find(({ notified }) => notified.subject)?.notified.subject ?? null,
    items: [item],
  };
}

/** A message about several incidents; `due` distinguishes it from the next digest or summary. */
export function buildListNotification(
  kind: 'summary' | 'digest',
  due: number,
  items: readonly NotificationItem[],
  recipient: Recipient,
  { now, mailDomain, secret }: NotificationPlanInput,
): PlannedNotification {
  const key = `${recipient.id}/${kind}/${due}`;
  const messageId = messageIdOf(key, mailDomain, secret);
  return {
    key,
    recipient,
    kind,
    thread: null,
    plannedAt: now,
    messageId,
    references: [],
    threadSubject: null,
    items,
  };
}

/** The record of a message in the log. The first one of a thread records its subject. */
export function toLoggedMessage(
  { recipient, items, references: _, threadSubject, ...message }: PlannedNotification,
  subject: string | null = null,
): LoggedMessage {
  const isFirst = message.thread !== null && threadSubject === null;
  const notices = items.map(
    ({ view, kind }): IncidentNotice => ({
      incidentId: view.incident.id,
      kind,
      tests: view.tests.length,
      severity: view.severity,
      endedAt: view.endedAt,
      ...(isFirst && subject !== null ? { subject } : {}),
    }),
  );
  return { ...message, recipient: recipient.id, notices };
}

/**
 * The Message-ID of a key: equal for equal keys, so that a mail server recognizes a mail that is
 * sent again. A digest hides the test ids, and thus addresses, in the key; `secret` keys it if
 * hosts must be hidden, else null.
 */
export function messageIdOf(key: string, domain: string, secret: Buffer | null): string {
  return `<pstrace.${keyedDigest(key, secret, 32)}@${domain}>`;
}

/** A key, derived from the Message-ID, by which programs recognize a message that is sent again. */
export function idempotencyKey(messageId: string): string {
  return keyedDigest(messageId, null, 32);
}
