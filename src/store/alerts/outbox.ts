import type { DatabaseSync } from 'node:sqlite';
import type { LoggedMessage, MessageCounts, Outbox } from '../../model/alerting/outbox.ts';
import { daySeconds } from '../../model/values/time.ts';
import { nullable, number, query, type Row, text, textOf } from '../db/query.ts';
import type { Transaction } from '../db/transactions.ts';

/** A message with its delivery. Times are epoch seconds. */
export interface StoredMessage extends LoggedMessage {
  /** null once nothing has to be sent any more. */
  readonly body: string | null;
  readonly state: 'waiting' | 'sent' | 'failed';
  /** Number of failed attempts. */
  readonly attempts: number;
  readonly nextAttemptAt: number;
  readonly finishedAt: number | null;
  /** The latest response of the server. */
  readonly note: string | null;
}

/** Operations for the upkeep of the store. */
interface OutboxUpkeep {
  /** All messages, in the order they were planned. */
  all(): StoredMessage[];
  /** Messages that were finished since a moment (epoch seconds), by state, and all that wait. */
  counts(since: number): MessageCounts;
  /** Stores a message with its delivery; a stored message with the same key stays. */
  restore(message: StoredMessage): void;
  /**
   * Moves later times to now (epoch seconds). They come from a clock that was ahead; they would
   * delay waiting messages and count toward the hourly limit until their time has come.
   */
  clampFutureTimestamps(now: number): void;
  /** Deletes the finished messages that were planned before a moment. */
  prune(before: number): void;
}

/** The outbox, with its upkeep. */
export interface StoredOutbox extends Outbox, OutboxUpkeep {}

/** No server requests a longer delay. */
const maxDelaySeconds = daySeconds;

const loggedColumns = {
  key: text,
  recipient: text,
  kind: textOf<LoggedMessage['kind']>(),
  thread: nullable(text),
  planned_at: number,
  message_id: text,
  notices: text,
};
const pendingColumns = { ...loggedColumns, body: text, attempts: number, next_attempt_at: number };
const allColumns = {
  ...pendingColumns,
  body: nullable(text),
  state: textOf<StoredMessage['state']>(),
  finished_at: nullable(number),
  note: nullable(text),
};

const loggedNames = Object.keys(loggedColumns).join(', ');

/** Opens the outbox of a database. Errors are those of SQLite. */
export function openOutbox(database: DatabaseSync, transaction: Transaction): StoredOutbox {
  return { ...openDelivery(database, transaction), ...openUpkeep(database) };
}

function openDelivery(database: DatabaseSync, transaction: Transaction): Outbox {
  const insert = database.prepare(
    `INSERT OR IGNORE INTO outbox (${loggedNames}, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const selectPending = query(
    database,
    "SELECT * FROM outbox WHERE state = 'waiting' ORDER BY number",
    pendingColumns,
  );
  const selectPlanned = query(
    database,
    'SELECT * FROM outbox WHERE planned_at >= ? ORDER BY number',
    loggedColumns,
  );
  const finish = database.prepare(
    `UPDATE outbox SET state = ?, finished_at = ?, note = ?, body = NULL
     WHERE key = ? AND state = 'waiting'`,
  );
  const countFailure = database.prepare('UPDATE outbox SET attempts = attempts + 1 WHERE key = ?');
  const postpone = database.prepare(
    'UPDATE outbox SET next_attempt_at = ?, note = ? WHERE key = ?',
  );
  return {
    enqueue: (entries) =>
      transaction(() => {
        for (const entry of entries) insert.run(...valuesOf(entry), entry.body);
      }),
    pending: () =>
      selectPending.all().map((row) => ({
        ...toLoggedMessage(row),
        body: row.body,
        attempts: row.attempts,
        nextAttemptAt: row.next_attempt_at,
      })),
    markSent: (key, at) =>
      // A power cut right afterwards must not send it again.
      withFullSync(database, () => finish.run('sent', at, null, key)),
    markFailed: (key, at, retryAt, reason) =>
      transaction(() => {
        countFailure.run(key);
        if (retryAt === null) finish.run('failed', at, reason, key);
        else postpone.run(retryAt, reason, key);
      }),
    log: (since) => selectPlanned.all(since).map(toLoggedMessage),
  };
}

function openUpkeep(database: DatabaseSync): OutboxUpkeep {
  const selectAll = query(database, 'SELECT * FROM outbox ORDER BY number', allColumns);
  const countByState = query(
    database,
    `SELECT state, count(*) AS count FROM outbox
     WHERE state = 'waiting' OR finished_at >= ? GROUP BY state`,
    { state: textOf<StoredMessage['state']>(), count: number },
  );
  const insert = database.prepare(
    `INSERT OR IGNORE INTO outbox
       (${loggedNames}, body, state, attempts, next_attempt_at, finished_at, note)
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
    all: () => selectAll.all().map(toStoredMessage),
    counts(since) {
      const counts = new Map(countByState.all(since).map(({ state, count }) => [state, count]));
      const countOf = (state: StoredMessage['state']) => counts.get(state) ?? 0;
      return { sent: countOf('sent'), givenUp: countOf('failed'), waiting: countOf('waiting') };
    },
    restore(message) {
      const { body, state, attempts, nextAttemptAt, finishedAt, note } = message;
      insert.run(...valuesOf(message), body, state, attempts, nextAttemptAt, finishedAt, note);
    },
    clampFutureTimestamps(now) {
      clampPlannedAt.run(now);
      clampNextAttemptAt.run(now, maxDelaySeconds);
    },
    prune(before) {
      deleteFinished.run(before);
    },
  };
}

/**
 * Does work that is on disk when this returns; within a transaction, when the transaction commits.
 */
function withFullSync(database: DatabaseSync, work: () => void): void {
  const outermost = !database.isTransaction;
  if (outermost) database.exec('PRAGMA synchronous = FULL');
  try {
    work();
  } finally {
    if (outermost) database.exec('PRAGMA synchronous = NORMAL');
  }
}

/** The values of `loggedColumns`, in their order. */
function valuesOf(message: LoggedMessage): (string | number | null)[] {
  const { key, recipient, kind, thread, plannedAt, messageId, notices } = message;
  return [key, recipient, kind, thread, plannedAt, messageId, JSON.stringify(notices)];
}

function toLoggedMessage(row: Row<typeof loggedColumns>): LoggedMessage {
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

function toStoredMessage(row: Row<typeof allColumns>): StoredMessage {
  return {
    ...toLoggedMessage(row),
    body: row.body,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    finishedAt: row.finished_at,
    note: row.note,
  };
}
