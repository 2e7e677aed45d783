import { createHash } from 'node:crypto';
import type { LoggedMessage, Told } from '../model/outbox.ts';
import type { Outgoing, OutgoingItem, PlanInput } from './planInput.ts';
import type { Recipient } from './recipient.ts';
import type { PastTelling } from './told.ts';

/** A mail refers to so many earlier ones of its thread at most: the first and the latest. */
const mostReferences = 10;

/** A message about one incident, as an answer to those before it. */
export function aboutOne(
  item: OutgoingItem,
  recipient: Recipient,
  past: readonly PastTelling[],
  { now, mailDomain }: PlanInput,
): Outgoing {
  const { incident } = item.heard;
  const told = past.filter((each) => each.told.as !== 'digest');
  const key = `${recipient.id}/${incident.id}/${told.length + 1}`;
  const references = [...new Set(told.map(({ message }) => message.messageId))];
  return {
    key,
    recipient,
    kind: item.as,
    thread: told.find(({ message }) => message.thread !== null)?.message.thread ?? incident.id,
    plannedAt: now,
    messageId: messageIdOf(key, mailDomain),
    references: [...references.slice(0, 1), ...references.slice(1).slice(1 - mostReferences)],
    items: [item],
  };
}

/** One message about several incidents; `due` tells one digest or summary from the next. */
export function aboutMany(
  kind: 'summary' | 'digest',
  due: number,
  items: readonly OutgoingItem[],
  recipient: Recipient,
  { now, mailDomain }: PlanInput,
): Outgoing {
  const key = `${recipient.id}/${kind}/${due}`;
  const messageId = messageIdOf(key, mailDomain);
  return { key, recipient, kind, thread: null, plannedAt: now, messageId, references: [], items };
}

/** What the log keeps of a message. */
export function logged({ recipient, items, references: _, ...message }: Outgoing): LoggedMessage {
  const tells = items.map(
    ({ heard, as }): Told => ({
      incidentId: heard.incident.id,
      as,
      tests: heard.tests.length,
      severity: heard.severity,
      endedAt: heard.endedAt,
    }),
  );
  return { ...message, recipient: recipient.id, tells };
}

/** The same for the same key, so that a mail sent again is recognised as the same one. Of letters and digits only. */
export function messageIdOf(key: string, domain: string): string {
  return `<pstrace.${digestOf(key)}@${domain}>`;
}

/** A key for others: keys hold ids of tests, and with them addresses that may have to be hidden. */
export function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 32);
}
