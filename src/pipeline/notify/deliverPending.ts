import { pluralize } from '../../model/format.ts';
import type { Problem } from '../../model/problem.ts';
import { deliverPlanned } from '../../notify/channels/deliver.ts';
import type { AlertSettings, Destinations } from '../../notify/routing/alertSettings.ts';
import type { Store } from '../../store/store.ts';
import type { Session } from '../session.ts';

/** Delivers the pending notifications; returns the problems. */
export async function deliverPending(
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
    const report = await deliverPlanned(store.outbox, channels.channelOf, session.now, session);
    const { sent, waiting, givenUp, problems } = report;
    session.log.info('notifications', { sent, waiting, givenUp });
    return waiting > 0 && problems.length === 0 ? [waitingProblem(waiting)] : problems;
  } finally {
    await channels.close();
  }
}

/** The last attempt failed, and the next one is not due yet. */
function waitingProblem(waiting: number): Problem {
  return {
    kind: 'delivery',
    subject: 'notifications',
    message: `${pluralize(waiting, 'notification')} could not be delivered yet`,
    remedy: 'A later run tries them again.',
  };
}
