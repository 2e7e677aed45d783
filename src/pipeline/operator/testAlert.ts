import type { Config } from '../../config/load.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { detailFields } from '../../lib/log.ts';
import { orUsageError, UsageError, usageError } from '../../lib/usageError.ts';
import { senderDomain } from '../../notify/channels/mail/mailBody.ts';
import { type Channels, openChannels } from '../../notify/channels/openChannels.ts';
import type { MessageContext } from '../../notify/message/messageData.ts';
import { createTestEntry } from '../../notify/message/preview.ts';
import {
  type AlertSettings,
  type Destinations,
  resolveDestinations,
} from '../../notify/routing/alertSettings.ts';
import type { Recipient } from '../../notify/routing/recipient.ts';
import { loadAlertSettings } from '../notify/alertSettings.ts';
import type { Session } from '../session.ts';

/**
 * Sends a test message to every recipient, or to those with some names or addresses, without the
 * outbox. Prints or logs the result of each. Throws a `UsageError` when there is no such recipient.
 */
export async function testAlert(
  config: Config,
  names: readonly string[],
  session: Session,
): Promise<ExitCode> {
  const settings = loadAlertSettings(config, session);
  if (settings === null || settings.recipients.length === 0) throw noRecipientsError(config.file);
  const destinations = resolveDestinations(settings);
  const selected = selectRecipients(destinations, names);
  const context = {
    baseUrl: settings.baseUrl,
    title: config.title,
    contact: settings.contact,
    prefix: settings.prefix,
    now: session.now,
  };
  const channels = openChannels(settings, destinations);
  let failedCount = 0;
  try {
    for (const recipient of selected) {
      const accepted = await sendTestMessage(
        recipient,
        { settings, destinations, context },
        channels,
        session,
      );
      if (!accepted) failedCount++;
    }
  } finally {
    await channels.close();
  }
  return failedCount === 0 ? exitCodes.ok : exitCodes.partial;
}

interface SendContext {
  readonly settings: AlertSettings;
  readonly destinations: Destinations;
  readonly context: MessageContext;
}

async function sendTestMessage(
  recipient: Recipient,
  { settings, destinations, context }: SendContext,
  { channelOf }: Channels,
  { log, print, signal }: Session,
): Promise<boolean> {
  const { id } = recipient;
  const format = destinations.formats.get(id) ?? { kind: 'json' };
  const entry = orUsageError(exitCodes.configuration, () =>
    createTestEntry(recipient, context, format, senderDomain(settings.from)),
  );
  const channel = channelOf(id);
  if (channel === null) throw new Error(`no channel for ${id}`);
  const delivery = await channel.send(entry, signal);
  if (delivery.outcome === 'accepted') {
    print(`${id}: accepted by ${channel.name}`);
    log.info('receipt', detailFields({ detail: delivery.receipt }));
    return true;
  }
  log.error(`${id}: not accepted by ${channel.name}: ${delivery.reason}`, detailFields(delivery));
  return false;
}

/** The recipients with some names or addresses; all if none are given. */
function selectRecipients(
  { recipients, addresses }: Destinations,
  names: readonly string[],
): Recipient[] {
  const matchesName = ({ id, name }: Recipient, requested: string) =>
    [id, name, addresses.get(id)].includes(requested);
  const unknown = names.find(
    (requested) => !recipients.some((each) => matchesName(each, requested)),
  );
  if (unknown !== undefined) {
    const known = [...new Set(recipients.map(({ name }) => name))].join(', ');
    throw usageError(`There is no recipient ${unknown}.`, `The configuration has: ${known}.`);
  }
  return names.length === 0
    ? [...recipients]
    : recipients.filter((each) => names.some((requested) => matchesName(each, requested)));
}

function noRecipientsError(file: string): UsageError {
  return new UsageError(exitCodes.configuration, [
    {
      kind: 'misconfigured',
      subject: file,
      message: 'The configuration has no recipient',
      remedy: 'Add a [[recipient]] block with name, and to or webhook.',
    },
  ]);
}
