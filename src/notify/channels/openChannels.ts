import type { AlertSettings, Destinations } from '../routing/alertSettings.ts';
import type { Channel } from './channel.ts';
import type { ChannelLookup } from './deliver.ts';
import { mailChannel } from './mail/mailChannel.ts';
import { webhookChannel } from './webhook/webhookChannel.ts';

/** The channels of all recipients, opened on first use. */
export interface Channels {
  readonly channelOf: ChannelLookup;
  close(): Promise<void>;
}

/**
 * All mails share one channel, so that a dead mail server costs one attempt; each webhook has its
 * own.
 */
export function openChannels(settings: AlertSettings, destinations: Destinations): Channels {
  const { addresses, webhooks } = destinations;
  const openChannelsByName = new Map<string, Channel>();
  const openOnce = (name: string, open: () => Channel): Channel => {
    const channel = openChannelsByName.get(name) ?? open();
    openChannelsByName.set(name, channel);
    return channel;
  };
  return {
    channelOf(recipient) {
      const webhook = webhooks.get(recipient);
      if (webhook !== undefined) return openOnce(recipient, () => webhookChannel(webhook));
      if (!addresses.has(recipient)) return null;
      return openOnce('mail', () => mailChannel({ ...settings, addresses }));
    },
    async close() {
      await Promise.all(Array.from(openChannelsByName.values(), (channel) => channel.close()));
    },
  };
}
