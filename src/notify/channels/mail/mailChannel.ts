import type { PendingEntry } from '../../../model/alerting/outbox.ts';
import { foreignText } from '../../../model/run/foreignText.ts';
import type { Channel } from '../channel.ts';
import { type MailBody, senderDomain } from './mailBody.ts';
import { mailRejection } from './mailRejection.ts';
import { createTransport, type MailServer, serverName } from './mailServer.ts';
import { needsSmtpUtf8, offersSmtpUtf8 } from './smtpUtf8.ts';

/** Sender, server and addresses for mails. */
export interface MailSettings {
  readonly server: MailServer;
  /** `address` or `Name <address>`. */
  readonly from: string;
  /** Address for requests to stop the mails; null: unknown. */
  readonly contact: string | null;
  /** Addresses by recipient id. */
  readonly addresses: ReadonlyMap<string, string>;
}

/** The channel of all mail recipients. */
export function mailChannel(settings: MailSettings): Channel {
  const transport = createTransport(settings.server);
  const domain = senderDomain(settings.from);
  return {
    id: 'mail',
    name: serverName(settings.server),
    async send(entry, signal) {
      const deadline = mailDeadline(settings.server);
      const limits = AbortSignal.any([signal, deadline]);
      try {
        const mail = toMail(entry, settings, domain);
        await requireDeliverable(mail.to, settings.server, limits);
        const { response = '' } = await transport.sendMail({ ...mail, signal: limits });
        return { outcome: 'accepted', receipt: foreignText(response) };
      } catch (error) {
        signal.throwIfAborted();
        const sender = settings.server.kind === 'sendmail' ? 'sendmail' : 'the mail server';
        return mailRejection(deadline.aborted ? lateError() : error, sender);
      }
    },
    close: async () => transport.close(),
  };
}

/** Nodemailer's limits are for each step, and a server could take any number of steps. */
function mailDeadline(server: MailServer): AbortSignal {
  if (server.kind !== 'smtp') return new AbortController().signal;
  return AbortSignal.timeout(server.timeoutSeconds * 1000);
}

function lateError(): Error {
  return Object.assign(new Error('not accepted in time'), { code: 'ETIMEDOUT' });
}

/** Throws a rejection if the server cannot take the address. */
async function requireDeliverable(
  address: string,
  server: MailServer,
  signal: AbortSignal,
): Promise<void> {
  if (server.kind !== 'smtp' || !needsSmtpUtf8(address)) return;
  if (await offersSmtpUtf8(server, signal)) return;
  const facts = { code: 'ESMTPUTF8', permanent: true };
  throw Object.assign(new Error('the server does not offer SMTPUTF8'), facts);
}

function toMail(
  entry: Pick<PendingEntry, 'recipient' | 'messageId' | 'plannedAt' | 'body'>,
  { from, contact, addresses }: MailSettings,
  domain: string,
) {
  const { subject, text, html, references } = JSON.parse(entry.body) as MailBody;
  const previousId = references.at(-1);
  const to = addresses.get(entry.recipient) ?? '';
  return {
    from,
    to,
    subject,
    text,
    html,
    messageId: entry.messageId,
    date: new Date(entry.plannedAt * 1000),
    ...(previousId === undefined ? {} : { inReplyTo: previousId, references: [...references] }),
    headers: {
      'Auto-Submitted': 'auto-generated',
      'List-Id': `pstrace <pstrace.${domain}>`,
      ...(contact === null ? {} : { 'List-Unsubscribe': unsubscribeLink(contact, to) }),
    },
  };
}

/** A person handles the request: recipients are in the configuration. */
function unsubscribeLink(contact: string, recipient: string): string {
  const subject = encodeURIComponent(`unsubscribe ${recipient} from pstrace`);
  return `<mailto:${encodeURI(contact)}?subject=${subject}>`;
}
