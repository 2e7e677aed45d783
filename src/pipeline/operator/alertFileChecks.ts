import type { AlertsConfig } from '../../config/alerts.ts';
import type { Config } from '../../config/load.ts';
import { createTestEntry } from '../../notify/message/preview.ts';
import { resolveMailServer } from '../notify/mailServerSettings.ts';
import { resolveRecipient } from '../notify/recipientSettings.ts';
import { readPem } from '../readPem.ts';
import type { Environment } from '../session.ts';
import { checkExecutable, checkIfNamed, type FileCheck } from './fileCheck.ts';

/** The checks of the files that the alert settings name. */
export function alertFileChecks(
  { prefix, email, webhook, recipients }: AlertsConfig,
  { file, siteUrl, title }: Config,
  env: Environment,
): FileCheck[] {
  const context = { baseUrl: siteUrl, title, contact: null, prefix, now: 0 };
  return [
    ['email', () => resolveMailServer(email, file, env)],
    ...checkIfNamed(email.sendmail, 'email.server', checkExecutable),
    ...checkIfNamed(webhook.caFile, 'webhook.ca', readPem),
    ...recipients.map((block): FileCheck => {
      const renderExample = () => {
        const { webhook: webhookConfig, ...recipient } = resolveRecipient(block);
        const target = { ...recipient, id: recipient.name, channel: 'webhook' } as const;
        if (webhookConfig !== null) createTestEntry(target, context, webhookConfig.format, '');
      };
      return [`recipient ${block.name}`, renderExample];
    }),
  ];
}
