import type { NodemailerError } from 'nodemailer';
import { foreignText } from '../../../model/foreignText.ts';
import type { Rejected } from '../channel.ts';

/** SMTP commands whose failure concerns the server, not the message. */
const sessionCommands = /^(CONN|EHLO|HELO|LHLO|STARTTLS|AUTH)/;

/** Meanings of Nodemailer's error codes; each completes "the mail server …" or "sendmail …". */
const reasons: Readonly<Record<string, string>> = {
  EAUTH: 'rejects the login',
  ECONNECTION: 'closed the connection',
  EDNS: 'has no known address',
  EENVELOPE: 'rejects the sender or the recipient',
  EMESSAGE: 'rejects the message',
  EPROTOCOL: 'does not speak SMTP as it should',
  ESENDMAIL: 'failed',
  ESOCKET: 'cannot be reached',
  ETIMEDOUT: 'did not respond in time',
  ETLS: 'offers no usable TLS',
};

/** The rejection that an error of Nodemailer means; rethrows bugs. */
export function mailRejection(error: unknown, sender: 'sendmail' | 'the mail server'): Rejected {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  const { responseCode, command = '', permanent, code, response } = error as NodemailerError;
  const isUnanswered = responseCode === undefined && code !== 'EENVELOPE' && code !== 'ESENDMAIL';
  return {
    outcome: 'rejected',
    reason: `${sender} ${reasonOf(error as NodemailerError)}`,
    detail: foreignText(response ?? error.message),
    isPermanent: code === 'EENVELOPE' ? permanent !== false : permanent === true,
    isChannelDown: isUnanswered || responseCode === 421 || sessionCommands.test(command),
    retryAfterSeconds: null,
  };
}

function reasonOf({ code, responseCode, message }: NodemailerError): string {
  const isCertificate = responseCode === undefined && /certificate/i.test(message);
  const reason = isCertificate ? 'has an invalid certificate' : (reasons[String(code)] ?? 'failed');
  return responseCode === undefined ? reason : `${reason} (SMTP status ${responseCode})`;
}
