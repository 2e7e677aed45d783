import type { Outbox, PendingEntry } from '../model/outbox.ts';
import type { Problem } from '../model/problem.ts';
import { type Channel, type Delivery, retryAt } from './delivery.ts';
import { utcTime } from './format.ts';

/** What one round of deliveries did. */
export interface DeliveryReport {
  readonly sent: number;
  /** Messages that stay in the outbox for a later run. */
  readonly waiting: number;
  readonly givenUp: number;
  readonly problems: readonly Problem[];
}

/** Where messages to a recipient go; null when nobody of that name is configured any more. */
export type ChannelOf = (recipient: string) => Channel | null;

type Refusal = Extract<Delivery, { outcome: 'refused' }>;

/** What became of one message in a round. */
type Fate = 'sent' | 'waiting' | 'givenUp';

/** What a round has found out so far. */
interface Round {
  readonly outbox: Outbox;
  readonly now: number;
  readonly problems: Problem[];
  /** Channels that nothing gets through, and threads of which an earlier message still waits. */
  readonly down: Set<Channel>;
  readonly blocked: Set<string>;
}

/**
 * Hands over what is due, one after the other, each marked as soon as it is accepted. Messages of one thread keep their order.
 * What cannot be handed over stays for a later run, and the report says why. Rejects when the signal aborts.
 */
export async function deliver(
  outbox: Outbox,
  channelOf: ChannelOf,
  now: number,
  signal: AbortSignal,
): Promise<DeliveryReport> {
  const round: Round = { outbox, now, problems: [], down: new Set(), blocked: new Set() };
  const fates: Record<Fate, number> = { sent: 0, waiting: 0, givenUp: 0 };
  for (const entry of outbox.pending()) {
    signal.throwIfAborted();
    const thread = `${entry.recipient}\n${entry.thread ?? entry.key}`;
    const fate = round.blocked.has(thread)
      ? 'waiting'
      : await handOver(entry, channelOf(entry.recipient), round, signal);
    if (fate === 'waiting') round.blocked.add(thread);
    fates[fate]++;
  }
  return { ...fates, problems: round.problems };
}

async function handOver(
  entry: PendingEntry,
  channel: Channel | null,
  round: Round,
  signal: AbortSignal,
): Promise<Fate> {
  const { outbox, now, down } = round;
  if (channel === null) {
    outbox.markFailed(entry.key, now, null, 'no longer in the configuration');
    return 'givenUp';
  }
  if (entry.nextAttemptAt > now || down.has(channel)) return 'waiting';
  const delivery = await channel.send(entry, signal);
  if (delivery.outcome === 'refused') return refused(entry, channel, delivery, round);
  outbox.markSent(entry.key, now, delivery.receipt);
  return 'sent';
}

function refused(entry: PendingEntry, channel: Channel, refusal: Refusal, round: Round): Fate {
  const { outbox, now, problems, down } = round;
  const next = retryAt(refusal, entry.attempts + 1, entry.plannedAt, now);
  outbox.markFailed(entry.key, now, next, refusal.reason);
  if (refusal.down) down.add(channel);
  problems.push(
    refusal.down ? downProblem(channel, refusal) : refusedProblem(entry, refusal, next),
  );
  return next === null ? 'givenUp' : 'waiting';
}

function downProblem({ name }: Channel, { reason }: Refusal): Problem {
  return {
    kind: 'delivery',
    subject: name,
    message: `Alerts cannot be delivered: ${reason}`,
    remedy: 'They are kept and tried again in every run.',
  };
}

function refusedProblem(entry: PendingEntry, { reason }: Refusal, next: number | null): Problem {
  return {
    kind: 'delivery',
    subject: entry.recipient,
    message:
      next === null
        ? `An alert of ${utcTime(entry.plannedAt)} was refused for days and is given up: ${reason}`
        : `An alert was refused: ${reason}`,
    remedy: next === null ? null : `It is tried again from ${utcTime(next)} on.`,
  };
}
