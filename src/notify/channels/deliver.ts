import { allDone } from '../../lib/allDone.ts';
import { detailFields, type Log } from '../../lib/log.ts';
import type { Outbox, OutboxEntry, PendingEntry } from '../../model/alerting/outbox.ts';
import type { Problem } from '../../model/run/problem.ts';
import { utcTime } from '../../model/values/format.ts';
import { type Channel, type Rejected, retryAt, type SendResult } from './channel.ts';

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

/** The outbox as a delivery uses it. Recording may take a while. */
export interface DeliveryOutbox extends Pick<Outbox, 'pending'> {
  markSent(...delivery: Parameters<Outbox['markSent']>): void | Promise<void>;
  markFailed(...failure: Parameters<Outbox['markFailed']>): void | Promise<void>;
}

/** Surroundings of a round of deliveries. */
export interface DeliveryContext {
  /** Epoch seconds. */
  readonly now: number;
  readonly signal: AbortSignal;
  /** Gets the receipts of the servers. */
  readonly log: Pick<Log, 'info'>;
  /** No delivery begins later than this after the start of the round. */
  readonly limitSeconds: number;
  /**
   * Reserves a channel, so that no other process delivers over it. Returns a function that releases
   * it; null if another process has reserved it.
   */
  readonly reserve: (channel: Channel) => (() => void) | null;
  /** Turns a bug into a problem; throws errors that concern all deliveries. */
  readonly contain: (error: unknown, subject: string) => Problem;
}

/** Result for one message in a round; `elsewhere`: another process delivers over its channel. */
type DeliveryResult = 'sent' | 'waiting' | 'givenUp' | 'elsewhere';

/** State of a round of deliveries over one channel. */
interface DeliveryRound extends DeliveryContext {
  readonly outbox: DeliveryOutbox;
  readonly problems: Problem[];
  /** Whether the channel is down, or the time of the round over. */
  isClosed(): boolean;
  close(): void;
}

/**
 * Delivers the messages that are due, over all channels at the same time, and marks each as soon as
 * it is accepted. Messages of a thread keep their order. The others stay for a later run, with a
 * problem in the report. Rejects if the signal aborts.
 */
export async function deliverPlanned(
  outbox: DeliveryOutbox,
  channelOf: ChannelLookup,
  context: DeliveryContext,
): Promise<DeliveryReport> {
  const pending = outbox.pending();
  const orphans = pending.filter(({ recipient }) => channelOf(recipient) === null);
  for (const { key } of orphans)
    await outbox.markFailed(key, context.now, null, 'the recipient is no longer configured');
  const channels = new Set(pending.flatMap(({ recipient }) => channelOf(recipient) ?? []));
  const end = performance.now() + context.limitSeconds * 1000;
  const rounds = Array.from(channels, async (channel) => {
    let isDown = false;
    const round: DeliveryRound = {
      ...context,
      outbox,
      problems: [],
      isClosed: () => isDown || performance.now() >= end,
      close: () => {
        isDown = true;
      },
    };
    const ownEntries = () =>
      outbox.pending().filter(({ recipient }) => channelOf(recipient) === channel);
    return { results: await deliverOver(channel, ownEntries, round), problems: round.problems };
  });
  const reports = await allDone(rounds);
  const results = reports.flatMap((report) => report.results);
  const count = (wanted: DeliveryResult) => results.filter((each) => each === wanted).length;
  return {
    sent: count('sent'),
    waiting: count('waiting'),
    givenUp: count('givenUp') + orphans.length,
    problems: reports.flatMap(({ problems }) => problems),
  };
}

/** Delivers the entries of one channel, and those that other processes plan in the meantime. */
async function deliverOver(
  channel: Channel,
  readEntries: () => PendingEntry[],
  round: DeliveryRound,
): Promise<DeliveryResult[]> {
  const release = round.reserve(channel);
  if (release === null) return readEntries().map(() => 'elsewhere');
  const results = new Map<string, DeliveryResult>();
  const blockedThreads = new Set<string>();
  const readUntried = () => readEntries().filter(({ key }) => !results.has(key));
  try {
    for (let entries = readUntried(); entries.length > 0; entries = readUntried()) {
      for (const entry of entries) {
        round.signal.throwIfAborted();
        const thread = `${entry.recipient}\n${entry.thread ?? entry.key}`;
        const result = blockedThreads.has(thread)
          ? 'waiting'
          : await attemptDelivery(entry, channel, round);
        if (result === 'waiting') blockedThreads.add(thread);
        results.set(entry.key, result);
      }
    }
  } finally {
    release();
  }
  return [...results.values()];
}

async function attemptDelivery(
  entry: PendingEntry,
  channel: Channel,
  round: DeliveryRound,
): Promise<DeliveryResult> {
  const { outbox, log, now, signal } = round;
  if (entry.nextAttemptAt > now || round.isClosed()) return 'waiting';
  let sendResult: SendResult;
  try {
    sendResult = await channel.send(entry, signal);
  } catch (error) {
    return recordBug(entry, error, round);
  }
  if (sendResult.outcome === 'rejected') return recordRejection(entry, channel, sendResult, round);
  await outbox.markSent(entry.key, now);
  log.info('notification accepted', {
    recipient: entry.recipient,
    ...detailFields({ detail: sendResult.receipt }),
  });
  return 'sent';
}

/** A message with which pstrace itself cannot cope must not hold up the others. */
async function recordBug(
  entry: PendingEntry,
  error: unknown,
  { outbox, now, problems, contain }: DeliveryRound,
): Promise<DeliveryResult> {
  problems.push(contain(error, publicName(entry.recipient)));
  const nextAttemptAt = retryAt(bugRejection, entry.attempts + 1, entry.plannedAt, now);
  await outbox.markFailed(entry.key, now, nextAttemptAt, bugRejection.reason);
  return 'waiting';
}

const bugRejection: Rejected = {
  outcome: 'rejected',
  reason: 'pstrace itself failed',
  detail: null,
  isPermanent: false,
  isChannelDown: false,
  retryAfterSeconds: null,
};

async function recordRejection(
  entry: PendingEntry,
  channel: Channel,
  rejection: Rejected,
  round: DeliveryRound,
): Promise<DeliveryResult> {
  const { outbox, now, problems } = round;
  const nextAttemptAt = retryAt(rejection, entry.attempts + 1, entry.plannedAt, now);
  await outbox.markFailed(entry.key, now, nextAttemptAt, rejection.reason);
  if (rejection.isChannelDown) round.close();
  problems.push(
    rejection.isChannelDown
      ? downProblem(channel, rejection)
      : rejectionProblem(entry, rejection, nextAttemptAt),
  );
  return nextAttemptAt === null ? 'givenUp' : 'waiting';
}

/**
 * Posts standing alerts again; a channel that is down gets no more of them. Returns the problems,
 * one for each such channel. Rejects if the signal aborts.
 */
export async function repeatAlerts(
  entries: readonly OutboxEntry[],
  channelOf: ChannelLookup,
  round: Pick<DeliveryContext, 'signal' | 'reserve' | 'contain'>,
): Promise<Problem[]> {
  const problems = new Map<Channel, Problem>();
  for (const entry of entries) {
    const channel = channelOf(entry.recipient);
    if (channel === null || problems.has(channel)) continue;
    // A later run delivers to this channel, and knows more.
    const release = round.reserve(channel);
    if (release === null) continue;
    try {
      const result = await channel.send(entry, round.signal);
      if (result.outcome === 'rejected') problems.set(channel, downProblem(channel, result));
    } catch (error) {
      round.signal.throwIfAborted();
      problems.set(channel, round.contain(error, channel.name));
    } finally {
      release();
    }
  }
  return [...problems.values()];
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
