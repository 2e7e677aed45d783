import type { EmailConfig } from '../../config/alerts.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { exitCodes } from '../../lib/exitCodes.ts';
import { readText } from '../../lib/files.ts';
import { orUsageError } from '../../lib/usageError.ts';
import type { MailServer } from '../../notify/channels/mail/mailServer.ts';
import { readPem } from '../readPem.ts';
import type { Environment } from '../session.ts';

/** Environment variable that may hold the password of the mail server. */
export const passwordVariable = 'PSTRACE_SMTP_PASSWORD';

/**
 * The mail server of the configuration `file`, with its password and certificates read. Throws a
 * `UsageError`.
 */
export function resolveMailServer(email: EmailConfig, file: string, env: Environment): MailServer {
  const { host, sendmail, port, security, user, caFile, insecure, timeoutSeconds } = email;
  if (host === null) {
    const environment = definedVariables(env);
    return { kind: 'sendmail', path: sendmail ?? '', environment, timeoutSeconds };
  }
  return {
    kind: 'smtp',
    host,
    port,
    security,
    user,
    password: user === null ? null : readPassword(email, file, env),
    caPem: caFile === null ? null : readPem(caFile),
    insecure,
    timeoutSeconds,
  };
}

/** The environment for sendmail, which needs no password of pstrace. */
function definedVariables(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || name === passwordVariable ? [] : [[name, value]],
    ),
  );
}

function readPassword(
  { password, passwordFile }: EmailConfig,
  file: string,
  env: Environment,
): string {
  const configured = env[passwordVariable] || password;
  return orUsageError(exitCodes.configuration, () => {
    const raw = configured ?? (passwordFile === null ? '' : readText(passwordFile, 'the password'));
    const secret = raw.replace(/\r?\n$/, '');
    if (secret !== '') return secret;
    throw new ExpectedError({
      kind: 'misconfigured',
      subject: file,
      message: 'email.user has no password',
      remedy: `Name a file that holds it (email.password_file), or set ${passwordVariable}.`,
    });
  });
}
