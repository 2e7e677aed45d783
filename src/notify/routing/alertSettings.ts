import type { MaintenanceWindow } from '../../model/alerting/maintenance.ts';
import type { Subscription } from '../../model/alerting/subscription.ts';
import type { TestGroup } from '../../model/test/selection.ts';
import type { MailServer } from '../channels/mail/mailServer.ts';
import { isEventFormat, type WebhookFormat } from '../channels/webhook/webhookBody.ts';
import type { WebhookSettings } from '../channels/webhook/webhookChannel.ts';
import type { Recipient } from './recipient.ts';

/** A `[[recipient]]` of the configuration, with all defaults filled in. */
export interface RecipientSettings extends Subscription {
  /**
   * Mail addresses. Each gets its own mail, so that a rejected one is not sent again to the others.
   */
  readonly to: readonly string[];
  /** null: none. */
  readonly webhook:
    | (Pick<WebhookSettings, 'url' | 'headers' | 'routingKey'> & { readonly format: WebhookFormat })
    | null;
}

/** The alert settings of the configuration. */
export interface AlertSettings {
  /** URL of the site for links; null: no links. */
  readonly baseUrl: string | null;
  /** Prefix of each subject. */
  readonly prefix: string;
  /** null: two intervals of the affected tests. */
  readonly groupWaitSeconds: number | null;
  /** Sender, `address` or `Name <address>`; Message-IDs use its domain. */
  readonly from: string;
  /** Mail address for requests to change the subscriptions; null: unknown. */
  readonly contact: string | null;
  readonly server: MailServer;
  /** For webhooks. */
  readonly caPem: string | null;
  readonly insecure: boolean;
  readonly timeoutSeconds: number;
  readonly recipients: readonly RecipientSettings[];
  readonly groups: readonly TestGroup[];
  readonly maintenance: readonly MaintenanceWindow[];
}

/** Recipients, one for each address and webhook, and their destinations by recipient id. */
export interface Destinations {
  readonly recipients: readonly Recipient[];
  readonly addresses: ReadonlyMap<string, string>;
  readonly webhooks: ReadonlyMap<string, WebhookSettings>;
  readonly formats: ReadonlyMap<string, WebhookFormat>;
}

/** More messages an hour than there can be incidents. */
const unlimited = Number.MAX_SAFE_INTEGER;

/** Splits the recipients of the configuration: one for each address and webhook. */
export function resolveDestinations(settings: AlertSettings): Destinations {
  const recipients: Recipient[] = [];
  const addresses = new Map<string, string>();
  const webhooks = new Map<string, WebhookSettings>();
  const formats = new Map<string, WebhookFormat>();
  for (const { to, webhook, ...preferences } of settings.recipients) {
    for (const address of new Set(to)) {
      const id = `${preferences.name}:${address}`;
      recipients.push({ ...preferences, id, channel: 'email' });
      addresses.set(id, address);
    }
    if (webhook === null) continue;
    const { caPem, insecure, timeoutSeconds } = settings;
    const id = `${preferences.name}:webhook`;
    const { format, ...target } = webhook;
    const limits = isEventFormat(format) ? { digestFrom: null, perHour: unlimited } : {};
    recipients.push({ ...preferences, ...limits, id, channel: 'webhook' });
    webhooks.set(id, { name: preferences.name, ...target, caPem, insecure, timeoutSeconds });
    formats.set(id, format);
  }
  return { recipients, addresses, webhooks, formats };
}
