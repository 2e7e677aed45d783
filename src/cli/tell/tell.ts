import type { Config } from '../../config/load.ts';
import { openChannels } from '../../notify/channels.ts';
import { type DeliveryReport, deliver } from '../../notify/deliver.ts';
import { preview } from '../../notify/preview.ts';
import { type AlertSettings, type Destinations, destinationsOf } from '../../notify/settings.ts';
import { daySeconds } from '../../store/days.ts';
import type { Store } from '../../store/store.ts';
import { alertSettings } from '../alertSettings.ts';
import { publicStore } from '../publicStore.ts';
import type { Session } from '../session.ts';
import { composed } from './composed.ts';
import { planned } from './planned.ts';

/** What tells people of changes, in one run. */
export interface Teller {
  /** Puts what is to be told into the outbox. Part of the transaction that keeps the incidents. */
  plan(store: Store): void;
  /** Prints what waits in the outbox, as the receivers would see it. */
  show(store: Store): void;
  /** Hands over what waits in the outbox; what cannot be handed over stays for a later run, and the report tells why. */
  deliver(store: Store): Promise<DeliveryReport>;
}

const nothing: DeliveryReport = { sent: 0, waiting: 0, givenUp: 0, problems: [] };
/** For nobody tells of what is as old. */
const logSeconds = 60 * daySeconds;

/** Who tells people as the configuration says. Throws a `Refusal` for what it names and cannot be read. */
export function openTeller(config: Config, session: Session): Teller {
  const settings = alertSettings(config, session);
  if (settings === null || settings.recipients.length === 0) return silentTeller;
  const destinations = destinationsOf(settings);
  const { now } = session;
  const context = { baseUrl: settings.baseUrl, title: config.title, prefix: settings.prefix, now };
  return {
    plan(store) {
      const found = planned(store, settings, destinations.recipients, now);
      const shown = publicStore(store, config);
      store.outbox.enqueue(composed(found, store, shown, context, destinations.formats));
      forgetOld(store, now);
    },
    show(store) {
      const { recipients } = destinations;
      for (const entry of store.outbox.pending()) {
        const channel = recipients.find(({ id }) => id === entry.recipient)?.channel ?? 'email';
        session.say(preview(entry, channel));
      }
    },
    deliver: (store) => handOver(store, settings, destinations, session),
  };
}

const silentTeller: Teller = {
  plan() {},
  show() {},
  deliver: async () => nothing,
};

async function handOver(
  store: Store,
  settings: AlertSettings,
  destinations: Destinations,
  session: Session,
): Promise<DeliveryReport> {
  const channels = openChannels(settings, destinations);
  try {
    const report = await deliver(store.outbox, channels.channelOf, session.now, session.signal);
    const { sent, waiting, givenUp } = report;
    if (sent + waiting + givenUp > 0) session.log.info('alerts', { sent, waiting, givenUp });
    return report;
  } finally {
    await channels.close();
  }
}

function forgetOld(store: Store, now: number): void {
  const oldest = store.incidents.active().map(({ incident }) => incident.from);
  store.outbox.forget(Math.min(now - logSeconds, ...oldest));
}
