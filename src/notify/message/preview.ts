import type { OutboxEntry } from '../../model/alerting/outbox.ts';
import type { MailBody } from '../channels/mail/mailBody.ts';
import { mailBody } from '../channels/mail/mailBody.ts';
import { renderWebhookBody, type WebhookFormat } from '../channels/webhook/webhookBody.ts';
import { messageIdOf } from '../routing/buildNotification.ts';
import type { Recipient } from '../routing/recipient.ts';
import { createTestMessage } from './createMessage.ts';
import type { MessageContext } from './messageData.ts';

/** A message for a terminal: recipient, subject and text, or the body of a webhook. */
export function preview(
  entry: Pick<OutboxEntry, 'recipient' | 'body'>,
  channel: Recipient['channel'],
): string {
  if (channel === 'webhook') return `To: ${entry.recipient}\n\n${entry.body}\n`;
  const { subject, text } = JSON.parse(entry.body) as MailBody;
  return `To: ${entry.recipient}\nSubject: ${subject}\n\n${text}`;
}

/** A message that tests a recipient's channel without the outbox; each has its own Message-ID. */
export function createTestEntry(
  recipient: Recipient,
  context: MessageContext,
  format: WebhookFormat,
  mailDomain: string,
): Pick<OutboxEntry, 'key' | 'recipient' | 'messageId' | 'plannedAt' | 'body'> {
  const message = createTestMessage(recipient, context);
  const key = `${recipient.id}/test/${context.now}`;
  return {
    key,
    recipient: recipient.id,
    messageId: messageIdOf(key, mailDomain, null),
    plannedAt: context.now,
    body:
      recipient.channel === 'email'
        ? JSON.stringify(mailBody(message, []))
        : renderWebhookBody(message, null, format, context),
  };
}
