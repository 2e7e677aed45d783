import type { ChannelOf } from './deliver.ts';
import type { Channel } from './delivery.ts';
import { mailChannel } from './mailChannel.ts';
import type { AlertSettings, Destinations } from './settings.ts';
import { webhookChannel } from './webhookChannel.ts';

/** The channels of all recipients, opened when they are first needed. */
export interface Channels {
  readonly channelOf: ChannelOf;
  close(): Promise<void>;
}

/** All mails go through one channel, so that a dead mail server is found out once; every webhook has its own. */
export function openChannels(settings: AlertSettings, destinations: Destinations): Channels {
  const { addresses, webhooks } = destinations;
  const opened = new Map<string, Channel>();
  const once = (name: string, open: () => Channel): Channel => {
    const channel = opened.get(name) ?? open();
    opened.set(name, channel);
    return channel;
  };
  return {
    channelOf(recipient) {
      const webhook = webhooks.get(recipient);
      if (webhook !== undefined) return once(recipient, () => webhookChannel(webhook));
      if (!addresses.has(recipient)) return null;
      return once('mail', () => mailChannel({ ...settings, addresses }));
    },
    async close() {
      await Promise.all(Array.from(opened.values(), (channel) => channel.close()));
    },
  };
}
