import type { Config } from '../config/load.ts';
import { type Channels, openChannels } from '../notify/channels.ts';
import { domainOf } from '../notify/mail.ts';
import type { MessageContext } from '../notify/messageData.ts';
import { testEntry } from '../notify/preview.ts';
import type { Recipient } from '../notify/recipient.ts';
import { type AlertSettings, type Destinations, destinationsOf } from '../notify/settings.ts';
import { alertSettings } from './alertSettings.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import { orRefuse, Refusal, usage } from './refusal.ts';
import type { Session } from './session.ts';

/**
 * `pstrace test-alert`: sends one message to every recipient, or to those of some names or addresses, past the outbox, and says
 * what became of each. Throws a `Refusal` when there is nobody to send to.
 */
export async function testAlert(
  config: Config,
  names: readonly string[],
  session: Session,
): Promise<ExitCode> {
  const settings = alertSettings(config, session);
  if (settings === null || settings.recipients.length === 0) throw nobody(config.file);
  const destinations = destinationsOf(settings);
  const wanted = chosen(destinations, names);
  const context = {
    baseUrl: settings.baseUrl,
    title: config.title,
    prefix: settings.prefix,
    now: session.now,
  };
  const channels = openChannels(settings, destinations);
  let refused = 0;
  try {
    for (const recipient of wanted) {
      const accepted = await send(
        recipient,
        { settings, destinations, context },
        channels,
        session,
      );
      if (!accepted) refused++;
    }
  } finally {
    await channels.close();
  }
  return refused === 0 ? exitCodes.good : exitCodes.problems;
}

interface From {
  readonly settings: AlertSettings;
  readonly destinations: Destinations;
  readonly context: MessageContext;
}

async function send(
  recipient: Recipient,
  { settings, destinations, context }: From,
  { channelOf }: Channels,
  { log, say, signal }: Session,
): Promise<boolean> {
  const { id } = recipient;
  const format = destinations.formats.get(id) ?? { kind: 'json' };
  const entry = orRefuse(exitCodes.configuration, () =>
    testEntry(recipient, context, format, domainOf(settings.from)),
  );
  const channel = channelOf(id);
  if (channel === null) throw new Error(`no channel for ${id}`);
  const delivery = await channel.send(entry, signal);
  if (delivery.outcome === 'accepted') {
    say(`${id}: accepted by ${channel.name} (${delivery.receipt})`);
    return true;
  }
  log.error(`${id}: not accepted by ${channel.name}: ${delivery.reason}`);
  return false;
}

/** Those of some names or addresses; all for none. */
function chosen({ recipients, addresses }: Destinations, names: readonly string[]): Recipient[] {
  const isCalled = ({ id, name }: Recipient, wanted: string) =>
    [id, name, addresses.get(id)].includes(wanted);
  const unknown = names.find((wanted) => !recipients.some((each) => isCalled(each, wanted)));
  if (unknown !== undefined) {
    const known = [...new Set(recipients.map(({ name }) => name))].join(', ');
    throw usage(`There is no recipient ${unknown}.`, `The configuration knows: ${known}.`);
  }
  return names.length === 0
    ? [...recipients]
    : recipients.filter((each) => names.some((wanted) => isCalled(each, wanted)));
}

function nobody(file: string): Refusal {
  return new Refusal(exitCodes.configuration, [
    {
      kind: 'misconfigured',
      subject: file,
      message: 'The configuration names nobody to alert',
      remedy: 'Add a block [[recipient]] with a name and to, or webhook.',
    },
  ]);
}
