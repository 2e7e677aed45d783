import type { NodemailerError } from 'nodemailer';
import { cleanText } from '../../../lib/text.ts';
import type { PendingEntry } from '../../../model/outbox.ts';
import type { Channel, SendResult } from '../channel.ts';
import { type MailBody, senderDomain } from './mailBody.ts';
import { createTransport, type MailServer, serverName } from './mailServer.ts';

/** Sender, server and addresses for mails. */
export interface MailSettings {
  readonly server: MailServer;
  /** `address` or `Name <address>`. */
  readonly from: string;
  /** Addresses by recipient id. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** SMTP commands whose failure concerns the server, not the message. */
const sessionCommands = /^(CONN|EHLO|HELO|LHLO|STARTTLS|AUTH)/;
const maxReasonLength = 300;

/** The channel of all mail recipients. */
export function mailChannel(settings: MailSettings): Channel {
  const transport = createTransport(settings.server);
  const domain = senderDomain(settings.from);
  return {
    name: serverName(settings.server),
    async send(entry, signal) {
      try {
        const mail = toMail(entry, settings, domain);
        const { response = '' } = await transport.sendMail({ ...mail, signal });
        return { outcome: 'accepted', receipt: cleanText(response, maxReasonLength) ?? '' };
      } catch (error) {
        signal.throwIfAborted();
        return toRejection(error);
      }
    },
    close: async () => transport.close(),
  };
}

function toMail(
  entry: Pick<PendingEntry, 'recipient' | 'messageId' | 'plannedAt' | 'body'>,
  { from, addresses }: MailSettings,
  domain: string,
) {
  const { subject, text, html, references } = JSON.parse(entry.body) as MailBody;
  const previousId = references.at(-1);
  return {
    from,
    to: addresses.get(entry.recipient) ?? '',
    subject,
    text,
    html,
    messageId: entry.messageId,
    date: new Date(entry.plannedAt * 1000),
    ...(previousId === undefined ? {} : { inReplyTo: previousId, references: [...references] }),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'List-Id': `pstrace <pstrace.${domain}>`,
    },
  };
}

/** Maps a failure to a rejection; rethrows bugs. */
function toRejection(error: unknown): SendResult {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  const {
    responseCode,
    command = '',
    permanent,
    code,
    response,
    message,
  } = error as NodemailerError;
  const reason = cleanText(response ?? message, maxReasonLength) ?? String(code);
  const isUnanswered = responseCode === undefined && code !== 'EENVELOPE' && code !== 'ESENDMAIL';
  return {
    outcome: 'rejected',
    reason,
    isPermanent: code === 'EENVELOPE' ? permanent !== false : permanent === true,
    isChannelDown: isUnanswered || responseCode === 421 || sessionCommands.test(command),
    retryAfterSeconds: null,
  };
}
