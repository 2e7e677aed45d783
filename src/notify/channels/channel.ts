import type { PendingEntry } from '../../model/alerting/outbox.ts';
import type { ForeignText } from '../../model/run/foreignText.ts';
import { daySeconds, hourSeconds } from '../../model/values/time.ts';

/** Result of one delivery attempt. */
export type SendResult = Accepted | Rejected;

interface Accepted {
  readonly outcome: 'accepted';
  /** The server's reply. */
  readonly receipt: ForeignText | null;
}

/** A message that was not accepted, with advice on when to retry. */
export interface Rejected {
  readonly outcome: 'rejected';
  /** Completes "Notifications cannot be delivered: …", in words of pstrace. */
  readonly reason: string;
  /** The words of the server. */
  readonly detail: ForeignText | null;
  /** The server says that a retry will not help. */
  readonly isPermanent: boolean;
  /**
   * No other message will get through this channel now: no connection, no reply, wrong password.
   */
  readonly isChannelDown: boolean;
  /** The delay that the server asks for; null if it names none. */
  readonly retryAfterSeconds: number | null;
}

/** A transport for messages: a mail server or a webhook. */
export interface Channel {
  /** Stays the same when its server changes. */
  readonly id: string;
  /** For log and messages: `mail server mail.example.org:587`. */
  readonly name: string;
  /** Rejects if the signal aborts, and for bugs. */
  send(
    entry: Pick<PendingEntry, 'key' | 'recipient' | 'messageId' | 'plannedAt' | 'body'>,
    signal: AbortSignal,
  ): Promise<SendResult>;
  /** Closes all connections. */
  close(): Promise<void>;
}

const firstWaitSeconds = 300;
const maxWaitSeconds = hourSeconds;
const firstPermanentWaitSeconds = hourSeconds;
const maxPermanentWaitSeconds = 12 * hourSeconds;
/** An administrator may fix the cause of a permanent rejection within this time. */
const giveUpAfterSeconds = 3 * daySeconds;

/**
 * Time of the next attempt after a rejection, epoch seconds; null to give up. `attempts` counts
 * failed ones, this one included. Retries of a temporary rejection never end: a server that returns
 * after a long weekend still gets the alerts. The growing delay lets other messages go first if one
 * of them breaks the server.
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
