import type { RecipientConfig } from '../../config/alerts.ts';
import { exitCodes } from '../../lib/exitCodes.ts';
import { readText } from '../../lib/files.ts';
import { orUsageError } from '../../lib/usageError.ts';
import type { RecipientSettings } from '../../notify/routing/alertSettings.ts';
import { readHeaders } from './webhookHeaders.ts';

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
