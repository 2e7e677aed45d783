import type { PendingEntry } from '../../model/outbox.ts';

/** Result of one delivery attempt. */
export type SendResult = Accepted | Rejected;

interface Accepted {
  readonly outcome: 'accepted';
  /** The server's reply, one line. */
  readonly receipt: string;
}

/** A message that was not accepted, with advice on when to retry. */
export interface Rejected {
  readonly outcome: 'rejected';
  /** One line. */
  readonly reason: string;
  /** The server says that a retry will not help. */
  readonly isPermanent: boolean;
  /** No other message will get through this channel now: no connection, no reply, wrong password. */
  readonly isChannelDown: boolean;
  /** The delay that the server asks for; null if it names none. */
  readonly retryAfterSeconds: number | null;
}

/** A way to hand messages over: a mail server, a webhook. */
export interface Channel {
  /** For people: `mail server mail.example.org:587`. */
  readonly name: string;
  /** Rejects when the signal aborts, and for mistakes of our own. */
  send(
    entry: Pick<PendingEntry, 'key' | 'recipient' | 'messageId' | 'plannedAt' | 'body'>,
    signal: AbortSignal,
  ): Promise<SendResult>;
  /** Ends all connections. */
  close(): Promise<void>;
}

const firstWaitSeconds = 300;
const maxWaitSeconds = 3600;
const firstPermanentWaitSeconds = 3600;
const maxPermanentWaitSeconds = 12 * 3600;
/** A refusal for good may be a mistake that somebody corrects; after so long nobody will. */
const giveUpAfterSeconds = 3 * 86_400;

/**
 * When to try again after a refusal, epoch seconds; null to give up. `attempts` counts those that failed, this one included.
 * What may pass is tried for ever: a server that is back after a long weekend still gets the alerts. Waiting longer each
 * time lets other messages go first, should one of them be what the server stumbles over.
 */
export function retryAt(
  { isPermanent, isChannelDown, retryAfterSeconds }: Rejected,
  attempts: number,
  plannedAt: number,
  now: number,
): number | null {
  const isFinal = isPermanent && !isChannelDown;
  if (isFinal && now - plannedAt >= giveUpAfterSeconds) return null;
  const [first, max] = isFinal
    ? [firstPermanentWaitSeconds, maxPermanentWaitSeconds]
    : [firstWaitSeconds, maxWaitSeconds];
  const requestedSeconds = Math.min(retryAfterSeconds ?? 0, maxPermanentWaitSeconds);
  return now + Math.max(Math.min(first * 2 ** (attempts - 1), max), requestedSeconds);
}
