import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import type { AlertsConfig, EmailConfig, RecipientConfig } from '../../config/alerts.ts';
import type { Config } from '../../config/load.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { exitCodes } from '../../lib/exitCodes.ts';
import { readText, systemCode } from '../../lib/files.ts';
import { orUsageError } from '../../lib/usageError.ts';
import type { MailServer } from '../../notify/channels/mail/mailServer.ts';
import type { AlertSettings, RecipientSettings } from '../../notify/routing/alertSettings.ts';
import { readPem } from '../readPem.ts';
import type { Environment, Session } from '../session.ts';
import { readHeaders } from './webhookHeaders.ts';

/** Environment variable that may hold the password of the mail server. */
export const passwordVariable = 'PSTRACE_SMTP_PASSWORD';

/**
 * The alert settings of the configuration, with the files it names read; null without any. Warns of
 * secrets that other users of this host can read. Throws a `UsageError`.
 */
export function loadAlertSettings(
  {
    alerts,
    groups,
    siteUrl,
    file,
    files,
  }: Pick<Config, 'alerts' | 'groups' | 'siteUrl' | 'file' | 'files'>,
  { log, env }: Pick<Session, 'log' | 'env'>,
): AlertSettings | null {
  if (alerts === null) return null;
  for (const each of findExposedFiles(alerts, files)) {
    log.warn(`${each} holds a secret, but every user can read it. Run: chmod o= ${each}`);
  }
  const { prefix, groupWaitSeconds, email, webhook, recipients, maintenance } = alerts;
  return {
    baseUrl: siteUrl,
    prefix,
    groupWaitSeconds,
    from: email.from ?? `pstrace@${hostname()}`,
    contact: addressOf(email.from),
    server: resolveMailServer(email, file, env),
    caPem: webhook.caFile === null ? null : readPem(webhook.caFile),
    insecure: webhook.insecure,
    timeoutSeconds: webhook.timeoutSeconds,
    recipients: recipients.map(resolveRecipient),
    groups,
    maintenance,
  };
}

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

/** The address in `Name <address>`; nobody may read the mails to the default sender. */
function addressOf(from: string | null): string | null {
  return from === null ? null : (/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from);
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

/** A recipient with the files of its webhook read. Throws a `UsageError`. */
export function resolveRecipient({ webhook, ...recipient }: RecipientConfig): RecipientSettings {
  if (webhook === null) return { ...recipient, webhook };
  const { url, format, templateFile, headersFile, keyFile } = webhook;
  return orUsageError(exitCodes.configuration, () => ({
    ...recipient,
    webhook: {
      url,
      format:
        templateFile === null
          ? { kind: format }
          : { kind: 'template', source: readText(templateFile, 'the template') },
      headers: headersFile === null ? {} : readHeaders(headersFile),
      routingKey: keyFile === null ? null : readText(keyFile, 'the key').trim(),
    },
  }));
}

/** Files with a password or a webhook URL (which works like one) that every user can read. */
function findExposedFiles({ email, recipients }: AlertsConfig, files: readonly string[]): string[] {
  const secret = email.password !== null || recipients.some(({ webhook }) => webhook !== null);
  const secretFiles = [
    ...(secret ? files : []),
    ...(email.passwordFile ? [email.passwordFile] : []),
  ];
  return secretFiles.filter(canOthersRead);
}

/** A file in a closed folder counts as protected; reading it fails later. */
function canOthersRead(file: string): boolean {
  try {
    return ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o004) !== 0;
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return false;
  }
}
