import type { Severity } from './change.ts';

/**
 * What a message is: the first one of an incident, one that tells how it grew, its end, or one of several incidents: what
 * went beyond the hourly limit (`summary`) and the minor ones of a day (`digest`).
 */
export const messageKinds = [
  'alert',
  'update',
  'recovered',
  'accepted',
  'summary',
  'digest',
] as const;
export type MessageKind = (typeof messageKinds)[number];

/** What a message told of one incident, to decide later whether there is news. */
export interface IncidentNotice {
  readonly incidentId: string;
  readonly kind: Exclude<MessageKind, 'summary'>;
  readonly tests: number;
  readonly severity: Severity;
  /** When the last of it ended, epoch seconds; null before it was over. */
  readonly endedAt: number | null;
}

/** A message that was planned, whether sent or not: what the plan of later runs has to know. */
export interface LoggedMessage {
  /** Recipient, subject and revision; the same news have the same key. */
  readonly key: string;
  readonly recipient: string;
  readonly kind: MessageKind;
  /** Messages of one thread are delivered in order; null: on its own. */
  readonly thread: string | null;
  /** Epoch seconds. */
  readonly plannedAt: number;
  /** With angle brackets. */
  readonly messageId: string;
  readonly notices: readonly IncidentNotice[];
}

/** A message ready for its channel; `body` is what the channel made of it, as JSON text. */
export interface OutboxEntry extends LoggedMessage {
  readonly body: string;
}

/** A message that no server has accepted yet. */
export interface PendingEntry extends OutboxEntry {
  /** Attempts that failed, and not before when (epoch seconds) the next one may be made. */
  readonly attempts: number;
  readonly nextAttemptAt: number;
}

/** What became of messages: how many a server accepted, were given up, or still wait. */
export interface MessageCounts {
  readonly sent: number;
  readonly givenUp: number;
  readonly waiting: number;
}

/**
 * Messages between plan and delivery. What `enqueue` returned from is never lost; what was marked as sent is never
 * returned by `pending` again. Throws `ExpectedError` of kind `store` when it cannot be read or written.
 */
export interface Outbox {
  /** Takes in messages, all or none; keys known already change nothing. May be part of a larger transaction. */
  enqueue(entries: readonly OutboxEntry[]): void;
  /** Everything not accepted and not given up, also what is not due yet, in the order it was planned. */
  pending(): PendingEntry[];
  /** The server has accepted it. `receipt`: what the server said. On disk when this returns. */
  markSent(key: string, at: number, receipt: string): void;
  /** An attempt failed. `retryAt` null: it is given up. */
  markFailed(key: string, at: number, retryAt: number | null, reason: string): void;
  /** What was planned since a moment, sent or not, in order. */
  log(since: number): LoggedMessage[];
}
