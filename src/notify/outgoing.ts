import { keyedDigest } from '../lib/keyedDigest.ts';
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
  { now, mailDomain, secret }: PlanInput,
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
    messageId: messageIdOf(key, mailDomain, secret),
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
  { now, mailDomain, secret }: PlanInput,
): Outgoing {
  const key = `${recipient.id}/${kind}/${due}`;
  const messageId = messageIdOf(key, mailDomain, secret);
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
