import { foreignText } from '../../../model/foreignText.ts';
import type { PendingEntry } from '../../../model/outbox.ts';
import type { Channel } from '../channel.ts';
import { type MailBody, senderDomain } from './mailBody.ts';
import { mailRejection } from './mailRejection.ts';
import { createTransport, type MailServer, serverName } from './mailServer.ts';

/** Sender, server and addresses for mails. */
export interface MailSettings {
  readonly server: MailServer;
  /** `address` or `Name <address>`. */
  readonly from: string;
  /** Addresses by recipient id. */
  readonly addresses: ReadonlyMap<string, string>;
}

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
        return { outcome: 'accepted', receipt: foreignText(response) };
      } catch (error) {
        signal.throwIfAborted();
        return mailRejection(
          error,
          settings.server.kind === 'sendmail' ? 'sendmail' : 'the mail server',
        );
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
