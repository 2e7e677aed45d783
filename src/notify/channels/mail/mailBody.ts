import type { Message } from '../../message/message.ts';
import { renderPlainText } from '../../message/plainText.ts';
import { renderMailHtml } from './mailHtml.ts';

/** A mail in the outbox; sender and recipient come from the configuration at delivery. */
export interface MailBody {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Message-IDs of earlier mails of the thread, oldest first. */
  readonly references: readonly string[];
}

/** A message as a mail. */
export function mailBody(message: Message, references: readonly string[]): MailBody {
  return {
    subject: message.subject,
    text: renderPlainText(message),
    html: renderMailHtml(message),
    references,
  };
}

/**
 * Domain of a sender, for Message-IDs and List-Id: `example.org` of `pstrace <alerts@example.org>`.
 */
export function senderDomain(from: string): string {
  return /@([a-z\d.-]+)>?\s*$/i.exec(from)?.[1]?.toLowerCase() ?? 'localhost.localdomain';
}
