import type { NodemailerError, SentMessageInfo, Transport } from 'nodemailer';
import { type ChildResult, runChild } from '../../../lib/childProcess.ts';
import { builtMailTransport } from './builtMail.ts';

/** A local sendmail program. */
export interface SendmailSettings {
  readonly kind: 'sendmail';
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Limit for one mail. */
  readonly timeoutSeconds: number;
}

/**
 * A transport that passes each mail to a sendmail program. The program and its children end at the
 * time limit, or when the `signal` of a mail is aborted.
 */
export function sendmailTransport(settings: SendmailSettings): Transport<SentMessageInfo> {
  return builtMailTransport('sendmail', async (bytes, { data, message }) => {
    const { from, to } = message.getEnvelope();
    const mail = { from: from || null, to, bytes };
    await submit(mail, settings, data.signal ?? new AbortController().signal);
    return 'queued';
  });
}

interface Submission {
  readonly from: string | null;
  readonly to: readonly string[];
  readonly bytes: Buffer;
}

async function submit(
  { from, to, bytes }: Submission,
  { path, environment, timeoutSeconds }: SendmailSettings,
  signal: AbortSignal,
): Promise<void> {
  // sendmail would take the address for an option.
  if ([from ?? '', ...to].some((address) => /^"?-/.test(address)))
    throw sendmailError('an address begins with a hyphen', 'EENVELOPE');
  const result = await runChild({
    command: path,
    arguments: ['-i', ...(from === null ? [] : ['-f', from]), ...to],
    environment,
    limitSeconds: timeoutSeconds,
    signal,
    // A program that prints would otherwise stop at a full pipe.
    read: discard,
    input: Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'),
  });
  const failure = failureOf(result, timeoutSeconds);
  if (failure !== null) throw failure;
}

async function discard(output: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of output);
}

function failureOf(
  { outcome, exitCode, stderr, tookInput }: ChildResult,
  timeoutSeconds: number,
): NodemailerError | null {
  switch (outcome) {
    case 'notFound':
      return sendmailError('the program does not exist', 'ENOENT');
    case 'notPermitted':
      return sendmailError('the program must not be executed', 'EACCES');
    case 'timedOut':
      return sendmailError(`sendmail did not end within ${timeoutSeconds} s`, 'ETIMEDOUT');
    default:
  }
  const words = stderr === '' ? '' : `: ${stderr}`;
  if (exitCode !== 0)
    return sendmailError(`sendmail ended with exit code ${exitCode}${words}`, 'ESENDMAIL');
  return tookInput ? null : sendmailError('sendmail did not read the whole mail', 'ESENDMAIL');
}

function sendmailError(message: string, code: string): NodemailerError {
  return Object.assign(new Error(message), { code });
}
