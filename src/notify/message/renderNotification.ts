import type { OutboxEntry } from '../../model/alerting/outbox.ts';
import { mailBody } from '../channels/mail/mailBody.ts';
import { renderWebhookBody, type WebhookFormat } from '../channels/webhook/webhookBody.ts';
import { toLoggedMessage } from '../routing/buildNotification.ts';
import type { PlannedNotification } from '../routing/notificationPlan.ts';
import { createMessage } from './createMessage.ts';
import type { MessageContext, MessageData } from './messageData.ts';

/** Webhook formats by recipient id. */
export type WebhookFormats = ReadonlyMap<string, WebhookFormat>;

/** A planned message as an outbox entry, in the form of its channel. */
export function renderNotification(
  notification: PlannedNotification,
  data: MessageData,
  context: MessageContext,
  formats: WebhookFormats,
): OutboxEntry {
  const message = createMessage(notification, data, context);
  const { recipient, references } = notification;
  const body =
    recipient.channel === 'email'
      ? JSON.stringify(mailBody(message, references))
      : renderWebhookBody(
          message,
          notification,
          formats.get(recipient.id) ?? { kind: 'json' },
          context,
        );
  return { ...toLoggedMessage(notification, message.subject), body };
}
