import type { Session } from '../../cli/session.ts';
import type { Config } from '../../config/load.ts';
import { pluralize } from '../../model/format.ts';
import type { MeshPlan } from '../../model/meshPlan.ts';
import type { Problem } from '../../model/problem.ts';
import { deliver } from '../../notify/channels/deliver.ts';
import { preview } from '../../notify/message/preview.ts';
import {
  type AlertSettings,
  type Destinations,
  resolveDestinations,
} from '../../notify/routing/alertSettings.ts';
import { daySeconds } from '../../store/db/days.ts';
import type { Store } from '../../store/store.ts';
import { publicSecret, publicStore } from '../publish/publicStore.ts';
import { loadAlertSettings } from './alertSettings.ts';
import { planNotifications } from './planNotifications.ts';
import { renderNotifications } from './renderNotifications.ts';

/** What tells people of changes, in one run. */
export interface Notifier {
  /**
   * Puts what is to be told at a moment (epoch seconds) into the outbox; hosts are called as the mesh's plan does. Part of the
   * transaction that keeps the incidents.
   */
  plan(store: Store, mesh: MeshPlan | null, now: number): void;
  /** Prints what waits in the outbox, as the receivers would see it. */
  printPending(store: Store): void;
  /** Hands over what waits in the outbox; what cannot be handed over stays for a later run. Returns why. */
  deliver(store: Store): Promise<readonly Problem[]>;
}

/** Nobody tells of what is as old. */
const logRetentionSeconds = 60 * daySeconds;

/**
 * Who tells people as the configuration says, or, given `settings`, as these do. Throws a `Refusal` for what it names and cannot
 * be read.
 */
export function createNotifier(
  config: Config,
  session: Session,
  settings: AlertSettings | null = loadAlertSettings(config, session),
): Notifier {
  if (settings === null || settings.recipients.length === 0) return silentNotifier;
  const destinations = resolveDestinations(settings);
  const { baseUrl, prefix } = settings;
  const { title } = config;
  return {
    plan(store, mesh, now) {
      const planned = planNotifications(
        store,
        settings,
        destinations.recipients,
        publicSecret(config),
        now,
      );
      if (planned.outgoing.length === 0) return;
      const publicView = publicStore(store, config);
      const context = { baseUrl, title, prefix, now };
      store.outbox.enqueue(
        renderNotifications(planned, store, publicView, mesh, context, destinations.formats),
      );
      pruneLog(store, now);
    },
    printPending(store) {
      const { recipients } = destinations;
      for (const entry of store.outbox.pending()) {
        const channel = recipients.find(({ id }) => id === entry.recipient)?.channel ?? 'email';
        session.print(preview(entry, channel));
      }
    },
    deliver: (store) => deliverPending(store, settings, destinations, session),
  };
}

const silentNotifier: Notifier = {
  plan() {},
  printPending() {},
  deliver: async () => [],
};

async function deliverPending(
  store: Store,
  settings: AlertSettings,
  destinations: Destinations,
  session: Session,
): Promise<readonly Problem[]> {
  if (store.outbox.pending().length === 0) return [];
  // Loaded when there is something to send: most runs have nothing.
  const { openChannels } = await import('../../notify/channels/openChannels.ts');
  const channels = openChannels(settings, destinations);
  try {
    const report = await deliver(store.outbox, channels.channelOf, session.now, session.signal);
    const { sent, waiting, givenUp, problems } = report;
    session.log.info('alerts', { sent, waiting, givenUp });
    return waiting > 0 && problems.length === 0 ? [waitingProblem(waiting)] : problems;
  } finally {
    await channels.close();
  }
}

/** The last attempt failed, and the next one is not due yet. */
function waitingProblem(waiting: number): Problem {
  return {
    kind: 'delivery',
    subject: 'alerts',
    message: `${pluralize(waiting, 'alert')} could not be delivered yet`,
    remedy: 'They are kept and tried again in one of the next runs.',
  };
}

function pruneLog(store: Store, now: number): void {
  const activeSince = store.incidents.active().map(({ incident }) => incident.from);
  store.outbox.prune(Math.min(now - logRetentionSeconds, ...activeSince));
}
