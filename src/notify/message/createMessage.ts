import { utcTime } from '../../model/values/format.ts';
import type { NotificationItem, PlannedNotification } from '../routing/notificationPlan.ts';
import type { Recipient } from '../routing/recipient.ts';
import { cleanMessage } from './cleanMessage.ts';
import { subjectLine } from './headline.ts';
import { incidentMessage } from './incidentMessage.ts';
import { listMessage } from './listMessage.ts';
import type { Message } from './message.ts';
import type { MessageContext, MessageData } from './messageData.ts';

/** The content of a planned message, independent of its channel. */
export function createMessage(
  notification: PlannedNotification,
  data: MessageData,
  context: MessageContext,
): Message {
  const { kind, items, recipient, threadSubject } = notification;
  const body =
    kind === 'summary' || kind === 'digest'
      ? listMessage(notification, data, context)
      : incidentMessage(items[0] as NotificationItem, threadSubject, data, context);
  return cleanMessage({ ...body, footer: footerOf(recipient, context) });
}

/** A message that only shows that a recipient can be reached. */
export function createTestMessage(recipient: Recipient, context: MessageContext): Message {
  return cleanMessage({
    kind: 'test',
    severity: 'info',
    subject: subjectLine('test alert', context),
    headline: `This is a test alert, requested at ${utcTime(context.now)}. Alerts reach you through this channel.`,
    facts: [],
    blocks: [],
    lines: [],
    more: 0,
    links: context.baseUrl === null ? [] : [{ label: 'Site', url: context.baseUrl }],
    footer: footerOf(recipient, context),
  });
}

function footerOf(
  { name, alertFrom, digestFrom }: Recipient,
  { title, contact }: MessageContext,
): string {
  const digest = digestFrom === null ? '' : `, ${digestFrom} and worse in the daily digest`;
  return `pstrace, ${title}. Sent to ${name}: ${alertFrom} and worse immediately${digest}. To change or stop these messages, ask ${contact ?? 'the administrator of pstrace'}.`;
}
