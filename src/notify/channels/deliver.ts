import { utcTime } from '../../model/format.ts';
import type { Outbox, PendingEntry } from '../../model/outbox.ts';
import type { Problem } from '../../model/problem.ts';
import { type Channel, type Rejected, retryAt } from './channel.ts';

/** What one round of deliveries did. */
export interface DeliveryReport {
  readonly sent: number;
  /** Messages that stay in the outbox for a later run. */
  readonly waiting: number;
  readonly givenUp: number;
  readonly problems: readonly Problem[];
}

/** Where messages to a recipient go; null when nobody of that name is configured any more. */
export type ChannelLookup = (recipient: string) => Channel | null;

/** What became of one message in a round. */
type DeliveryResult = 'sent' | 'waiting' | 'givenUp';

/** What a round has found out so far. */
interface DeliveryRound {
  readonly outbox: Outbox;
  readonly now: number;
  readonly problems: Problem[];
  /** Channels that nothing gets through, and threads of which an earlier message still waits. */
  readonly downChannels: Set<Channel>;
  readonly blockedThreads: Set<string>;
}

/**
 * Hands over what is due, one after the other, each marked as soon as it is accepted. Messages of one thread keep their order.
 * What cannot be handed over stays for a later run, and the report says why. Rejects when the signal aborts.
 */
export async function deliver(
  outbox: Outbox,
  channelOf: ChannelLookup,
  now: number,
  signal: AbortSignal,
): Promise<DeliveryReport> {
  const round: DeliveryRound = {
    outbox,
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
  const { outbox, now, downChannels } = round;
  if (channel === null) {
    outbox.markFailed(entry.key, now, null, 'no longer in the configuration');
    return 'givenUp';
  }
  if (entry.nextAttemptAt > now || downChannels.has(channel)) return 'waiting';
  const sendResult = await channel.send(entry, signal);
  if (sendResult.outcome === 'rejected') return recordRejection(entry, channel, sendResult, round);
  outbox.markSent(entry.key, now, sendResult.receipt);
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

function downProblem({ name }: Channel, { reason }: Rejected): Problem {
  return {
    kind: 'delivery',
    subject: name,
    message: `Alerts cannot be delivered: ${reason}`,
    remedy: 'They are kept and tried again in every run.',
  };
}

function rejectionProblem(
  entry: PendingEntry,
  { reason }: Rejected,
  nextAttemptAt: number | null,
): Problem {
  return {
    kind: 'delivery',
    subject: entry.recipient,
    message:
      nextAttemptAt === null
        ? `An alert of ${utcTime(entry.plannedAt)} was refused for days and is given up: ${reason}`
        : `An alert was refused: ${reason}`,
    remedy: nextAttemptAt === null ? null : `It is tried again from ${utcTime(nextAttemptAt)} on.`,
  };
}
