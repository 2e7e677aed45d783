import type { NodemailerError } from 'nodemailer';
import { foreignText } from '../../../model/run/foreignText.ts';
import type { Rejected } from '../channel.ts';

/** SMTP commands whose failure concerns the server, not the message. */
const sessionCommands = /^(CONN|EHLO|HELO|LHLO|STARTTLS|AUTH)/;

/** Codes of errors that concern one message. */
const messageErrors: readonly unknown[] = ['EENVELOPE', 'ESENDMAIL', 'ESMTPUTF8'];

/** Meanings of error codes; each completes "the mail server …" or "sendmail …". */
const reasons: Readonly<Record<string, string>> = {
  EACCES: 'must not be executed',
  EAUTH: 'rejects the login',
  ECONNECTION: 'closed the connection',
  EDNS: 'has no known address',
  EENVELOPE: 'rejects the sender or the recipient',
  EMESSAGE: 'rejects the message',
  ENOENT: 'does not exist',
  EPROTOCOL: 'does not speak SMTP as it should',
  ESENDMAIL: 'failed',
  ESMTPUTF8: 'takes only addresses in ASCII',
  ESOCKET: 'cannot be reached',
  ETIMEDOUT: 'did not respond in time',
  ETLS: 'offers no usable TLS',
};

/** The rejection that an error of Nodemailer means; rethrows bugs. */
export function mailRejection(error: unknown, sender: 'sendmail' | 'the mail server'): Rejected {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  const { responseCode, command = '', permanent, code, response } = error as NodemailerError;
  const isUnanswered = responseCode === undefined && !messageErrors.includes(code);
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
