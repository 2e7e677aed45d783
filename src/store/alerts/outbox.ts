import type { DatabaseSync } from 'node:sqlite';
import type { LoggedMessage, MessageCounts, Outbox, PendingEntry } from '../../model/outbox.ts';
import type { Transaction } from '../db/transactions.ts';

interface OutboxRow {
  readonly key: string;
  readonly recipient: string;
  readonly kind: LoggedMessage['kind'];
  readonly thread: string | null;
  readonly planned_at: number;
  readonly message_id: string;
  readonly notices: string;
}

interface PendingOutboxRow extends OutboxRow {
  readonly body: string;
  readonly attempts: number;
  readonly next_attempt_at: number;
}

/** A message with what became of it; times are epoch seconds. */
export interface StoredMessage extends LoggedMessage {
  /** null once nothing is to be sent any more. */
  readonly body: string | null;
  readonly state: 'waiting' | 'sent' | 'failed';
  readonly attempts: number;
  readonly nextAttemptAt: number;
  readonly finishedAt: number | null;
  /** What the other side said last. */
  readonly note: string | null;
}

interface FullOutboxRow extends OutboxRow {
  readonly body: string | null;
  readonly state: StoredMessage['state'];
  readonly attempts: number;
  readonly next_attempt_at: number;
  readonly finished_at: number | null;
  readonly note: string | null;
}

/** The outbox with what only its keeper needs. */
export interface StoredOutbox extends Outbox {
  /** Every message, in the order it was planned. */
  all(): StoredMessage[];
  /** What became of messages since a moment (epoch seconds); all that wait count. */
  counts(since: number): MessageCounts;
  /** Takes in a message with what became of it; a key known already changes nothing. */
  restore(message: StoredMessage): void;
  /**
   * Moments that are later than now (epoch seconds) are of a clock that was ahead: else they would hold back what waits, and count
   * among the messages of this hour until their time has come.
   */
  clampFutureTimestamps(now: number): void;
  /** Forgets messages that were sent or given up and planned before a moment. */
  prune(before: number): void;
}

/** Nobody asks to be left alone for longer. */
const maxWaitSeconds = 86_400;

const sharedColumns = 'key, recipient, kind, thread, planned_at, message_id, notices';

/** Opens the outbox of a database; errors come as SQLite throws them. */
export function openOutbox(database: DatabaseSync, transaction: Transaction): StoredOutbox {
  const insert = database.prepare(
    `INSERT OR IGNORE INTO outbox (${sharedColumns}, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const selectPending = database.prepare(
    `SELECT ${sharedColumns}, body, attempts, next_attempt_at FROM outbox WHERE state = 'waiting' ORDER BY number`,
  );
  const finish = database.prepare(
    `UPDATE outbox SET state = ?, finished_at = ?, note = ?, body = NULL
     WHERE key = ? AND state = 'waiting'`,
  );
  const countFailure = database.prepare('UPDATE outbox SET attempts = attempts + 1 WHERE key = ?');
  const postpone = database.prepare(
    'UPDATE outbox SET next_attempt_at = ?, note = ? WHERE key = ?',
  );
  const selectPlanned = database.prepare(
    `SELECT ${sharedColumns} FROM outbox WHERE planned_at >= ? ORDER BY number`,
  );
  const every = database.prepare('SELECT * FROM outbox ORDER BY number');
  const countByState = database.prepare(
    "SELECT state, count(*) AS number FROM outbox WHERE state = 'waiting' OR finished_at >= ? GROUP BY state",
  );
  const restore = database.prepare(
    `INSERT OR IGNORE INTO outbox (${sharedColumns}, body, state, attempts, next_attempt_at, finished_at, note)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const clampPlannedAt = database.prepare(
    'UPDATE outbox SET planned_at = ?1 WHERE planned_at > ?1',
  );
  const clampNextAttemptAt = database.prepare(
    'UPDATE outbox SET next_attempt_at = ?1 WHERE next_attempt_at > ?1 + ?2',
  );
  const deleteFinished = database.prepare(
    "DELETE FROM outbox WHERE planned_at < ? AND state <> 'waiting'",
  );
  return {
    enqueue: (entries) =>
      transaction(() => {
        for (const entry of entries) insert.run(...valuesOf(entry));
      }),
    pending: () => (selectPending.all() as unknown as PendingOutboxRow[]).map(pendingOf),
    markSent: (key, at, receipt) =>
      // A power cut right after must not send it again.
      withFullSync(database, () => finish.run('sent', at, receipt, key)),
    markFailed: (key, at, retryAt, reason) =>
      transaction(() => {
        countFailure.run(key);
        if (retryAt === null) finish.run('failed', at, reason, key);
        else postpone.run(retryAt, reason, key);
      }),
    log: (since) => (selectPlanned.all(since) as unknown as OutboxRow[]).map(loggedOf),
    all: () => (every.all() as unknown as FullOutboxRow[]).map(toStoredMessage),
    counts(since) {
      const rows = countByState.all(since) as unknown as { state: string; number: number }[];
      const countOf = (state: string) => rows.find((row) => row.state === state)?.number ?? 0;
      return { sent: countOf('sent'), givenUp: countOf('failed'), waiting: countOf('waiting') };
    },
    restore(message) {
      const { state, attempts, nextAttemptAt, finishedAt, note } = message;
      restore.run(...valuesOf(message), state, attempts, nextAttemptAt, finishedAt, note);
    },
    clampFutureTimestamps(now) {
      clampPlannedAt.run(now);
      clampNextAttemptAt.run(now, maxWaitSeconds);
    },
    prune: (before) => {
      deleteFinished.run(before);
    },
  };
}

/** Does something that has reached the disk when it returns; within a transaction that is up to its commit. */
function withFullSync(database: DatabaseSync, work: () => void): void {
  const outermost = !database.isTransaction;
  if (outermost) database.exec('PRAGMA synchronous = FULL');
  try {
    work();
  } finally {
    if (outermost) database.exec('PRAGMA synchronous = NORMAL');
  }
}

function valuesOf(entry: LoggedMessage & Pick<StoredMessage, 'body'>): (string | number | null)[] {
  const { key, recipient, kind, thread, plannedAt, messageId, notices, body } = entry;
  return [key, recipient, kind, thread, plannedAt, messageId, JSON.stringify(notices), body];
}

function loggedOf(row: OutboxRow): LoggedMessage {
  return {
    key: row.key,
    recipient: row.recipient,
    kind: row.kind,
    thread: row.thread,
    plannedAt: row.planned_at,
    messageId: row.message_id,
    notices: JSON.parse(row.notices) as LoggedMessage['notices'],
  };
}

function pendingOf(row: PendingOutboxRow): PendingEntry {
  const { body, attempts, next_attempt_at: nextAttemptAt } = row;
  return { ...loggedOf(row), body, attempts, nextAttemptAt };
}

function toStoredMessage(row: FullOutboxRow): StoredMessage {
  const { body, state, attempts, next_attempt_at: nextAttemptAt, finished_at, note } = row;
  return { ...loggedOf(row), body, state, attempts, nextAttemptAt, finishedAt: finished_at, note };
}
