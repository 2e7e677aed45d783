import type { Severity } from '../change/change.ts';

/**
 * Kind of a notification. About one incident: the first one (`alert`), its growth (`update`), its
 * end (`recovered`, `accepted`). About several: those beyond the hourly limit (`summary`), the
 * minor ones of a day (`digest`).
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

/** Whether a message reports the end of an incident. */
export function isEndKind(kind: MessageKind | 'test'): boolean {
  return kind === 'recovered' || kind === 'accepted';
}

/** The state of an incident in a message, to decide later whether an update is due. */
export interface IncidentNotice {
  readonly incidentId: string;
  readonly kind: Exclude<MessageKind, 'summary'>;
  readonly tests: number;
  readonly severity: Severity;
  /** When its last change ended, epoch seconds; null while it is open. */
  readonly endedAt: number | null;
  /** Subject of the message, which later ones of the thread keep. */
  readonly subject?: string;
}

/** A planned message, sent or not, as later plans need it. */
export interface LoggedMessage {
  /** Recipient, incident and number; planning again gives the same key. */
  readonly key: string;
  readonly recipient: string;
  readonly kind: MessageKind;
  /** Messages of one thread are delivered in order; null for a message without a thread. */
  readonly thread: string | null;
  /** Epoch seconds. */
  readonly plannedAt: number;
  /** With angle brackets. */
  readonly messageId: string;
  readonly notices: readonly IncidentNotice[];
}

/** A message ready for delivery; `body` is JSON text in the form of its channel. */
export interface OutboxEntry extends LoggedMessage {
  readonly body: string;
}

/** A message that is not delivered yet. */
export interface PendingEntry extends OutboxEntry {
  /** Failed attempts, and the earliest time of the next one (epoch seconds). */
  readonly attempts: number;
  readonly nextAttemptAt: number;
}

/** Numbers of messages by outcome. */
export interface MessageCounts {
  readonly sent: number;
  readonly givenUp: number;
  readonly waiting: number;
}

/**
 * Messages between plan and delivery. Once `enqueue` returns, its messages survive a crash;
 * `pending` never returns a message that is marked as sent. Throws `ExpectedError` of kind `store`
 * on read and write errors.
 */
export interface Outbox {
  /**
   * Adds messages, all or none; a known key changes nothing. May be part of a larger transaction.
   */
  enqueue(entries: readonly OutboxEntry[]): void;
  /** Messages neither sent nor given up, due or not, in the order of planning. */
  pending(): PendingEntry[];
  /** Records a delivery durably. */
  markSent(key: string, at: number): void;
  /** Records a failed attempt; `retryAt` null gives the message up. */
  markFailed(key: string, at: number, retryAt: number | null, reason: string): void;
  /** Messages planned since a moment, sent or not, in order. */
  log(since: number): LoggedMessage[];
}
