import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { raceWithAbort } from '../../../lib/interrupt.ts';
import { type SmtpSettings, smtpOptions } from './mailServer.ts';

/** Whether an address needs a server with SMTPUTF8 (RFC 6531): its local part is not ASCII. */
export function needsSmtpUtf8(address: string): boolean {
  return /[^\0-\x7f]/.test(address.slice(0, address.lastIndexOf('@')));
}

/**
 * Asks a mail server over a connection of its own whether it offers SMTPUTF8. Nodemailer itself
 * would send such an address to any server. Throws the errors of Nodemailer, and the reason of an
 * aborted signal.
 */
export async function offersSmtpUtf8(server: SmtpSettings, signal: AbortSignal): Promise<boolean> {
  const connection = new SMTPConnection(smtpOptions(server));
  try {
    const connected = new Promise<void>((resolve, reject) => {
      connection.once('error', reject);
      connection.connect((error) => (error ? reject(error) : resolve()));
    });
    await raceWithAbort(connected, signal);
    return /^250[ -]SMTPUTF8\b/im.test(String(connection.lastServerResponse));
  } finally {
    connection.close();
  }
}
