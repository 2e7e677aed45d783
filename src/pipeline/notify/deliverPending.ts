import type { Mask } from '../../mask/mask.ts';
import type { OutboxEntry } from '../../model/alerting/outbox.ts';
import type { Problem } from '../../model/run/problem.ts';
import { pluralize } from '../../model/values/format.ts';
import type { Channel } from '../../notify/channels/channel.ts';
import { deliverPlanned, repeatAlerts } from '../../notify/channels/deliver.ts';
import type { AlertSettings, Destinations } from '../../notify/routing/alertSettings.ts';
import type { Store } from '../../store/store.ts';
import { toContainedProblem } from '../problems.ts';
import type { Session } from '../session.ts';
import { patientOutbox } from './patientOutbox.ts';
import { reserveChannel } from './reserveChannel.ts';

/** A run begins no delivery later than this after its first one, seconds. */
const roundSeconds = 300;

/** Destinations, and what goes there besides the outbox. */
interface Deliveries {
  /** The state folder. */
  readonly state: string;
  readonly settings: AlertSettings;
  readonly destinations: Destinations;
  /** Posts that are not retried: the next run has new ones. */
  readonly repetitions: readonly OutboxEntry[];
  /** Called if there is something to send. */
  readonly openMask: () => Mask | null;
}

/**
 * Delivers the pending notifications; returns the problems. Needs no lock of the state: each
 * channel has its own, so several runs never deliver the same notification.
 */
export async function deliverPending(
  store: Store,
  { state, settings, destinations, repetitions, openMask }: Deliveries,
  session: Session,
): Promise<readonly Problem[]> {
  if (store.outbox.pending().length === 0 && repetitions.length === 0) return [];
  // Loaded when there is something to send: most runs have nothing.
  const { openChannels } = await import('../../notify/channels/openChannels.ts');
  const channels = openChannels(settings, destinations);
  try {
    const round = {
      now: session.now,
      signal: session.signal,
      log: session.log,
      limitSeconds: roundSeconds,
      reserve: (channel: Channel) => reserveChannel(state, channel),
      contain: (error: unknown, subject: string) => toContainedProblem(error, subject, session),
    };
    // Before all ends: an alert that is repeated after its end would be active again.
    const repeated = await repeatAlerts(repetitions, channels.channelOf, round);
    const outbox = patientOutbox(store.outbox, openMask(), session.signal);
    const report = await deliverPlanned(outbox, channels.channelOf, round);
    const { sent, waiting, givenUp, problems } = report;
    session.log.info('notifications', { sent, waiting, givenUp });
    if (waiting > 0 && problems.length === 0) return [waitingProblem(waiting), ...repeated];
    return [...problems, ...repeated];
  } finally {
    await channels.close();
  }
}

/** The last attempt failed, and the next one is not due yet, or time ran out. */
function waitingProblem(waiting: number): Problem {
  return {
    kind: 'delivery',
    subject: 'notifications',
    message: `${pluralize(waiting, 'notification')} could not be delivered yet`,
    remedy: 'A later run tries them again.',
  };
}
