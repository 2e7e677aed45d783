import type { OutboxEntry } from '../model/outbox.ts';
import { mailBody } from './mail.ts';
import type { MessageContext, MessageData } from './messageData.ts';
import { messageOf } from './messageOf.ts';
import { logged } from './outgoing.ts';
import type { Outgoing } from './planInput.ts';
import { type WebhookFormat, webhookBody } from './webhookBody.ts';

/** What each webhook wants, by recipient id. */
export type WebhookFormats = ReadonlyMap<string, WebhookFormat>;

/** A planned message as the outbox takes it: said, and put into the form of its channel. */
export function compose(
  outgoing: Outgoing,
  data: MessageData,
  context: MessageContext,
  formats: WebhookFormats,
): OutboxEntry {
  const message = messageOf(outgoing, data, context);
  const { recipient, references } = outgoing;
  const body =
    recipient.channel === 'email'
      ? JSON.stringify(mailBody(message, references))
      : webhookBody(message, outgoing, formats.get(recipient.id) ?? { kind: 'json' });
  return { ...logged(outgoing), body };
}
