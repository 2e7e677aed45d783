import { hostname } from 'node:os';
import type { Config } from '../../config/load.ts';
import type { AlertSettings } from '../../notify/routing/alertSettings.ts';
import { readPem } from '../readPem.ts';
import type { Session } from '../session.ts';
import { findExposedFiles } from './exposedFiles.ts';
import { resolveMailServer } from './mailServerSettings.ts';
import { resolveRecipient } from './recipientSettings.ts';

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

/** The address in `Name <address>`; the default sender may have no mailbox. */
function addressOf(from: string | null): string | null {
  return from === null ? null : (/<([^<>]+)>\s*$/.exec(from)?.[1] ?? from);
}
