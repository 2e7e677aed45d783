import type { Config } from '../../config/load.ts';
import type { OutboxEntry } from '../../model/alerting/outbox.ts';
import type { Problem } from '../../model/run/problem.ts';
import type { MeshPlan } from '../../model/test/meshPlan.ts';
import { daySeconds } from '../../model/values/time.ts';
import { type AlertSettings, resolveDestinations } from '../../notify/routing/alertSettings.ts';
import type { Store } from '../../store/store.ts';
import { publicSecret, publicStore } from '../publicStore.ts';
import type { Session } from '../session.ts';
import { composeNotifications } from './composeNotifications.ts';
import { deliverPending } from './deliverPending.ts';
import { printPending } from './printPending.ts';

/** Plans and delivers the notifications of one run. */
export interface Notifier {
  /**
   * Puts the notifications that are due at a moment (epoch seconds) into the outbox, with the host
   * names of the psConfig plan. A message that cannot be composed holds up no other: it becomes a
   * problem, and the next run tries it again. Returns the problems.
   */
  plan(store: Store, mesh: MeshPlan | null, now: number): readonly Problem[];
  /** Prints the pending notifications as the recipients would see them, or that there are none. */
  printPending(store: Store): void;
  /** Delivers the pending notifications; failed ones wait for a later run. Returns the problems. */
  deliver(store: Store): Promise<readonly Problem[]>;
}

/** How long the outbox retains sent messages, which later plans compare with. */
const logRetentionSeconds = 60 * daySeconds;

/** Creates a notifier; without recipients, one that does nothing. */
export function createNotifier(
  config: Config,
  settings: AlertSettings | null,
  session: Session,
): Notifier {
  if (settings === null || settings.recipients.length === 0) return silentNotifier(session);
  const destinations = resolveDestinations(settings);
  const { baseUrl, contact, prefix } = settings;
  const { title } = config;
  let repetitions: readonly OutboxEntry[] = [];
  const openMask = (store: Store) => publicStore(store, config).mask;
  return {
    plan(store, mesh, now) {
      const { recipients, formats } = destinations;
      const context = { baseUrl, title, contact, prefix, now };
      const openRendering = () => ({ mask: openMask(store), mesh, context, formats });
      const composed = composeNotifications(
        store,
        {
          settings,
          recipients,
          needsRepetition: ({ id }) => formats.get(id)?.kind === 'alertmanager',
          secret: publicSecret(config),
          now,
        },
        openRendering,
        session,
      );
      if (composed.results.length > 0) {
        store.outbox.enqueue(composed.results);
        pruneLog(store, now);
      }
      repetitions = composed.repetitions;
      return composed.problems;
    },
    printPending: (store) =>
      printPending(store, destinations.recipients, () => openMask(store), session),
    deliver: (store) =>
      deliverPending(
        store,
        {
          ...{ state: config.state, settings, destinations, repetitions },
          openMask: () => openMask(store),
        },
        session,
      ),
  };
}

const silentNotifier = ({ print }: Session): Notifier => ({
  plan: () => [],
  printPending: () => print('A run would send nothing: the configuration has no recipient.'),
  deliver: async () => [],
});

function pruneLog(store: Store, now: number): void {
  const activeSince = store.incidents.active().map(({ incident }) => incident.from);
  store.outbox.prune(Math.min(now - logRetentionSeconds, ...activeSince));
}
