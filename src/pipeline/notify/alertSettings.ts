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
import { readPem } from '../collect/archiveOptions.ts';
import type { Session } from '../session.ts';

/** Variable of the environment that may hold the password for the mail server. */
const passwordVariable = 'PSTRACE_SMTP_PASSWORD';

/**
 * What the configuration says about telling people, with the files that it names read; null when it tells nobody. Warns of
 * secrets that others on this host can read. Throws a `Refusal`.
 */
export function loadAlertSettings(
  { alerts, groups, siteUrl, file }: Pick<Config, 'alerts' | 'groups' | 'siteUrl' | 'file'>,
  { log }: Pick<Session, 'log'>,
): AlertSettings | null {
  if (alerts === null) return null;
  for (const each of findExposedFiles(alerts, file)) {
    log.warn(`${each} holds a secret and others can read it. chmod o= ${each} keeps them out.`);
  }
  const { prefix, groupWaitSeconds, email, webhook, recipients, maintenance } = alerts;
  return {
    baseUrl: siteUrl,
    prefix,
    groupWaitSeconds,
    from: email.from ?? `pstrace@${hostname()}`,
    server: resolveMailServer(email, file),
    caPem: webhook.caFile === null ? null : readPem(webhook.caFile),
    insecure: webhook.insecure,
    timeoutSeconds: webhook.timeoutSeconds,
    recipients: recipients.map(resolveRecipient),
    groups,
    maintenance,
  };
}

/** How mails are handed over, with the password and certificates read. `file`: the configuration. Throws a `Refusal`. */
export function resolveMailServer(email: EmailConfig, file: string): MailServer {
  const { host, sendmail, port, security, user, caFile, insecure, timeoutSeconds } = email;
  if (host === null) return { kind: 'sendmail', path: sendmail ?? '' };
  return {
    kind: 'smtp',
    host,
    port,
    security,
    user,
    password: user === null ? null : readPassword(email, file),
    caPem: caFile === null ? null : readPem(caFile),
    insecure,
    timeoutSeconds,
  };
}

function readPassword({ password, passwordFile }: EmailConfig, file: string): string {
  const configured = process.env[passwordVariable] || password;
  return orUsageError(exitCodes.configuration, () => {
    const raw = configured ?? (passwordFile === null ? '' : readText(passwordFile, 'the password'));
    const secret = raw.replace(/\r?\n$/, '');
    if (secret !== '') return secret;
    throw new ExpectedError({
      kind: 'misconfigured',
      subject: file,
      message: 'email.user is given, but no password for it',
      remedy: `Name a file that holds it (email.password_file), or set ${passwordVariable}.`,
    });
  });
}

/** One receiver, with the template of his webhook read. Throws a `Refusal`. */
export function resolveRecipient({ webhook, ...recipient }: RecipientConfig): RecipientSettings {
  if (webhook === null) return { ...recipient, webhook };
  const { url, format, templateFile } = webhook;
  if (templateFile === null) return { ...recipient, webhook: { url, format: { kind: format } } };
  const source = orUsageError(exitCodes.configuration, () =>
    readText(templateFile, 'the template'),
  );
  return { ...recipient, webhook: { url, format: { kind: 'template', source } } };
}

/** Files with a password, or with the URL of a webhook, which is as good as one, that everybody on this host may read. */
function findExposedFiles({ email, recipients }: AlertsConfig, file: string): string[] {
  const secret = email.password !== null || recipients.some(({ webhook }) => webhook !== null);
  const secretFiles = [
    ...(secret ? [file] : []),
    ...(email.passwordFile ? [email.passwordFile] : []),
  ];
  return secretFiles.filter(canOthersRead);
}

/** A file that cannot even be looked at, as in a folder of somebody else, is told when it is read. */
function canOthersRead(file: string): boolean {
  try {
    return ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o004) !== 0;
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return false;
  }
}
