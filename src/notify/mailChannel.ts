import type { NodemailerError } from 'nodemailer';
import { cleanText } from '../lib/text.ts';
import type { PendingEntry } from '../model/outbox.ts';
import type { Channel, Delivery } from './delivery.ts';
import { domainOf, type MailBody } from './mail.ts';
import { type MailServer, openTransport, serverName } from './mailServer.ts';

/** How mails are sent: by whom, through what, to which address each recipient's go. */
export interface MailSettings {
  readonly server: MailServer;
  /** `address` or `Name <address>`. */
  readonly from: string;
  /** One address by recipient id. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** Commands at which a server speaks about itself, not about the message. */
const beforeMessage = /^(CONN|EHLO|HELO|LHLO|STARTTLS|AUTH)/;
const longestReason = 300;

/** The channel of all mail recipients. */
export function mailChannel(settings: MailSettings): Channel {
  const transport = openTransport(settings.server);
  const domain = domainOf(settings.from);
  return {
    name: serverName(settings.server),
    async send(entry, signal) {
      try {
        const mail = mailOf(entry, settings, domain);
        const { response = '' } = await transport.sendMail({ ...mail, signal });
        return { outcome: 'accepted', receipt: cleanText(response, longestReason) ?? '' };
      } catch (error) {
        signal.throwIfAborted();
        return refusalOf(error);
      }
    },
    close: async () => transport.close(),
  };
}

function mailOf(
  entry: Pick<PendingEntry, 'recipient' | 'messageId' | 'plannedAt' | 'body'>,
  { from, addresses }: MailSettings,
  domain: string,
) {
  const { subject, text, html, references } = JSON.parse(entry.body) as MailBody;
  const before = references.at(-1);
  return {
    from,
    to: addresses.get(entry.recipient) ?? '',
    subject,
    text,
    html,
    messageId: entry.messageId,
    date: new Date(entry.plannedAt * 1000),
    ...(before === undefined ? {} : { inReplyTo: before, references: [...references] }),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'List-Id': `pstrace <pstrace.${domain}>`,
    },
  };
}

/** What a failure to send says about trying again. Rethrows mistakes of our own. */
function refusalOf(error: unknown): Delivery {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  const {
    responseCode,
    command = '',
    permanent,
    code,
    response,
    message,
  } = error as NodemailerError;
  const reason = cleanText(response ?? message, longestReason) ?? String(code);
  const unanswered = responseCode === undefined && code !== 'EENVELOPE' && code !== 'ESENDMAIL';
  return {
    outcome: 'refused',
    reason,
    lasting: code === 'EENVELOPE' ? permanent !== false : permanent === true,
    down: unanswered || responseCode === 421 || beforeMessage.test(command),
    waitSeconds: null,
  };
}
