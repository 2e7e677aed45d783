import { detailFields, type Log } from '../../lib/log.ts';
import { utcTime } from '../../model/format.ts';
import type { Outbox, PendingEntry } from '../../model/outbox.ts';
import type { Problem } from '../../model/problem.ts';
import { type Channel, type Rejected, retryAt } from './channel.ts';

/** Result of one round of deliveries. */
export interface DeliveryReport {
  readonly sent: number;
  /** Messages that stay in the outbox for a later run. */
  readonly waiting: number;
  readonly givenUp: number;
  readonly problems: readonly Problem[];
}

/** The channel of a recipient; null if the recipient is no longer configured. */
export type ChannelLookup = (recipient: string) => Channel | null;

/** Result for one message in a round. */
type DeliveryResult = 'sent' | 'waiting' | 'givenUp';

/** State of a round of deliveries. */
interface DeliveryRound {
  readonly outbox: Outbox;
  readonly log: Pick<Log, 'info'>;
  readonly now: number;
  readonly problems: Problem[];
  /** Channels that are down, and threads with an earlier message that still waits. */
  readonly downChannels: Set<Channel>;
  readonly blockedThreads: Set<string>;
}

/**
 * Delivers the messages that are due one by one, and marks each as soon as it is accepted. The
 * receipts of the servers go to the log. Messages
 * of a thread keep their order. The others stay for a later run, with a problem in the report.
 * Rejects if the signal aborts.
 */
export async function deliverPlanned(
  outbox: Outbox,
  channelOf: ChannelLookup,
  now: number,
  { signal, log }: { readonly signal: AbortSignal; readonly log: Pick<Log, 'info'> },
): Promise<DeliveryReport> {
  const round: DeliveryRound = {
    outbox,
    log,
    now,
    problems: [],
    downChannels: new Set(),
    blockedThreads: new Set(),
  };
  const counts: Record<DeliveryResult, number> = { sent: 0, waiting: 0, givenUp: 0 };
  for (const entry of outbox.pending()) {
    signal.throwIfAborted();
    const thread = `${entry.recipient}\n${entry.thread ?? entry.key}`;
    const result = round.blockedThreads.has(thread)
      ? 'waiting'
      : await attemptDelivery(entry, channelOf(entry.recipient), round, signal);
    if (result === 'waiting') round.blockedThreads.add(thread);
    counts[result]++;
  }
  return { ...counts, problems: round.problems };
}

async function attemptDelivery(
  entry: PendingEntry,
  channel: Channel | null,
  round: DeliveryRound,
  signal: AbortSignal,
): Promise<DeliveryResult> {
  const { outbox, log, now, downChannels } = round;
  if (channel === null) {
    outbox.markFailed(entry.key, now, null, 'the recipient is no longer configured');
    return 'givenUp';
  }
  if (entry.nextAttemptAt > now || downChannels.has(channel)) return 'waiting';
  const sendResult = await channel.send(entry, signal);
  if (sendResult.outcome === 'rejected') return recordRejection(entry, channel, sendResult, round);
  outbox.markSent(entry.key, now);
  log.info('notification accepted', {
    recipient: entry.recipient,
    ...detailFields({ detail: sendResult.receipt }),
  });
  return 'sent';
}

function recordRejection(
  entry: PendingEntry,
  channel: Channel,
  rejection: Rejected,
  round: DeliveryRound,
): DeliveryResult {
  const { outbox, now, problems, downChannels } = round;
  const nextAttemptAt = retryAt(rejection, entry.attempts + 1, entry.plannedAt, now);
  outbox.markFailed(entry.key, now, nextAttemptAt, rejection.reason);
  if (rejection.isChannelDown) downChannels.add(channel);
  problems.push(
    rejection.isChannelDown
      ? downProblem(channel, rejection)
      : rejectionProblem(entry, rejection, nextAttemptAt),
  );
  return nextAttemptAt === null ? 'givenUp' : 'waiting';
}

function downProblem({ name }: Channel, { reason, detail }: Rejected): Problem {
  return {
    kind: 'delivery',
    subject: name,
    message: `Notifications cannot be delivered: ${reason}`,
    remedy: 'They stay in the outbox; each run tries again.',
    detail,
  };
}

function rejectionProblem(
  entry: PendingEntry,
  { reason, detail }: Rejected,
  nextAttemptAt: number | null,
): Problem {
  return {
    kind: 'delivery',
    subject: publicName(entry.recipient),
    message:
      nextAttemptAt === null
        ? `A notification of ${utcTime(entry.plannedAt)} was rejected for days and is dropped: ${reason}`
        : `A notification was rejected: ${reason}`,
    remedy: nextAttemptAt === null ? null : `The next attempt is due at ${utcTime(nextAttemptAt)}.`,
    detail,
  };
}

/** The name of a recipient, without its address. */
function publicName(recipient: string): string {
  return recipient.replace(/:.*$/s, '');
}
