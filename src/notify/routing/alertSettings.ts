import type { MaintenanceWindow } from '../../model/maintenance.ts';
import type { TestGroup } from '../../model/selection.ts';
import type { MailServer } from '../channels/mail/mailServer.ts';
import type { WebhookFormat } from '../channels/webhook/webhookBody.ts';
import type { WebhookSettings } from '../channels/webhook/webhookChannel.ts';
import type { Recipient } from './recipient.ts';

/** What one receiver wants, as `[[recipient]]` of the configuration says; everything is present. */
export interface RecipientSettings extends Omit<Recipient, 'id' | 'channel'> {
  /** Mail addresses, each of which gets its own mail: what one server refuses must not be sent to the others again. */
  readonly to: readonly string[];
  /** null: none. */
  readonly webhook: { readonly url: string; readonly format: WebhookFormat } | null;
}

/** Everything that the configuration says about telling people. */
export interface AlertSettings {
  /** Of the site, where mails and feeds link to; null: no links. */
  readonly baseUrl: string | null;
  /** In front of every subject. */
  readonly prefix: string;
  /** null: two intervals of the tests concerned. */
  readonly groupWaitSeconds: number | null;
  /** Sender, `address` or `Name <address>`; its domain is that of the Message-IDs. */
  readonly from: string;
  readonly server: MailServer;
  /** For webhooks. */
  readonly caPem: string | null;
  readonly insecure: boolean;
  readonly timeoutSeconds: number;
  readonly recipients: readonly RecipientSettings[];
  readonly groups: readonly TestGroup[];
  readonly maintenance: readonly MaintenanceWindow[];
}

/** Receivers one by one, and where messages to each of them go, by their ids. */
export interface Destinations {
  readonly recipients: readonly Recipient[];
  readonly addresses: ReadonlyMap<string, string>;
  readonly webhooks: ReadonlyMap<string, WebhookSettings>;
  readonly formats: ReadonlyMap<string, WebhookFormat>;
}

/** Takes the recipients of the configuration apart: one for each address and webhook. */
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
    recipients.push({ ...preferences, id, channel: 'webhook' });
    webhooks.set(id, { name: preferences.name, url: webhook.url, caPem, insecure, timeoutSeconds });
    formats.set(id, webhook.format);
  }
  return { recipients, addresses, webhooks, formats };
}
