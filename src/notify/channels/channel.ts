import type { PendingEntry } from '../../model/outbox.ts';

/** What became of one attempt to hand a message over. */
export type SendResult =
  | { readonly outcome: 'accepted'; readonly receipt: string }
  | {
      readonly outcome: 'refused';
      /** One line. */
      readonly reason: string;
      /** The other side says that trying again will not help. */
      readonly isPermanent: boolean;
      /** Nothing else will get through this way now: no connection, no answer, wrong password. */
      readonly isChannelDown: boolean;
      /** The other side asks to be left alone for so long; null: it does not say. */
      readonly retryAfterSeconds: number | null;
    };

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
  { isPermanent, isChannelDown, retryAfterSeconds }: Extract<SendResult, { outcome: 'refused' }>,
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
