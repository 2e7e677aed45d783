import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { OutboxEntry } from '../../../src/model/alerting/outbox.ts';
import { openOutbox, type StoredOutbox } from '../../../src/store/alerts/outbox.ts';
import { openDatabase } from '../../../src/store/db/database.ts';
import { createTransactions, type Transaction } from '../../../src/store/db/transactions.ts';
import { tempDir } from '../../helpers/tempDir.ts';

const entry = (key: string, parts: Partial<OutboxEntry> = {}): OutboxEntry => ({
  key,
  recipient: 'noc',
  kind: 'alert',
  thread: 'i',
  plannedAt: 1000,
  messageId: `<${key}@example.org>`,
  notices: [{ incidentId: 'i', kind: 'alert', tests: 2, severity: 'major', endedAt: null }],
  body: '{"subject":"s"}',
  ...parts,
});

interface Opened {
  readonly outbox: StoredOutbox;
  readonly transaction: Transaction;
  readonly database: DatabaseSync;
  /** The same outbox, opened by another process. */
  again(): StoredOutbox;
}

function open(): Opened {
  const path = join(tempDir(), 'outbox.db');
  const database = openDatabase({ path, check: false });
  onTestFinished(() => database.close());
  const { transaction } = createTransactions(database, () => {});
  const again = () => {
    const other = new DatabaseSync(path);
    onTestFinished(() => other.close());
    return openOutbox(other, createTransactions(other, () => {}).transaction);
  };
  return { outbox: openOutbox(database, transaction), transaction, database, again };
}

const keys = (outbox: StoredOutbox) => outbox.pending().map(({ key }) => key);

describe('a message in the outbox', () => {
  test('waits unchanged, in the order of planning', () => {
    const { outbox, again } = open();
    outbox.enqueue([entry('b'), entry('a', { thread: null })]);
    expect(again().pending()).toEqual([
      { ...entry('b'), attempts: 0, nextAttemptAt: 0 },
      { ...entry('a', { thread: null }), attempts: 0, nextAttemptAt: 0 },
    ]);
  });

  test('stays unchanged when its key is planned again', () => {
    const { outbox } = open();
    outbox.enqueue([entry('a')]);
    outbox.enqueue([entry('a', { body: 'other' }), entry('b')]);
    expect(outbox.pending().map(({ body }) => body)).toEqual([entry('a').body, entry('b').body]);
  });

  test('is never pending again once sent, even when planned again', () => {
    const { outbox, again } = open();
    outbox.enqueue([entry('a')]);
    outbox.markSent('a', 1010);
    outbox.enqueue([entry('a')]);
    expect(keys(again())).toEqual([]);
    expect(outbox.log(0).map(({ key }) => key)).toEqual(['a']);
  });

  test('cannot fail once sent', () => {
    const { outbox } = open();
    outbox.enqueue([entry('a')]);
    outbox.markSent('a', 1010);
    outbox.markFailed('a', 1020, 1100, 'late');
    expect(keys(outbox)).toEqual([]);
  });

  test('counts failed attempts and stops being pending after the last', () => {
    const { outbox } = open();
    outbox.enqueue([entry('a')]);
    outbox.markFailed('a', 1010, 1100, '451');
    outbox.markFailed('a', 1100, 1200, '451');
    expect(outbox.pending()).toMatchObject([{ attempts: 2, nextAttemptAt: 1200 }]);
    outbox.markFailed('a', 1200, null, '550');
    expect(keys(outbox)).toEqual([]);
  });

  test('is stored or lost with its transaction', () => {
    const { outbox, transaction } = open();
    const broken = () =>
      transaction(() => {
        outbox.enqueue([entry('a')]);
        throw new Error('disk full');
      });
    expect(broken).toThrow('disk full');
    expect(keys(outbox)).toEqual([]);
    transaction(() => outbox.enqueue([entry('a')]));
    expect(keys(outbox)).toEqual(['a']);
  });
});

describe('the log', () => {
  test('starts at the given time and contains the notices', () => {
    const { outbox } = open();
    outbox.enqueue([entry('a', { plannedAt: 10 }), entry('b', { plannedAt: 20 })]);
    const { body: _, ...logged } = entry('b', { plannedAt: 20 });
    expect(outbox.log(20)).toEqual([logged]);
  });

  test('loses old finished messages and no pending ones', () => {
    const { outbox } = open();
    outbox.enqueue([entry('a'), entry('b'), entry('c', { plannedAt: 5000 })]);
    outbox.markSent('a', 1010);
    outbox.prune(2000);
    expect(outbox.log(0).map(({ key }) => key)).toEqual(['b', 'c']);
  });
});

test('a finished message has no body', () => {
  const { outbox, database } = open();
  outbox.enqueue([entry('a')]);
  outbox.markSent('a', 1010);
  expect(database.prepare('SELECT body FROM outbox').get()).toEqual({ body: null });
});

test('times from a clock that was ahead do not delay messages', () => {
  const { outbox } = open();
  outbox.enqueue([entry('a', { plannedAt: 900 }), entry('b', { plannedAt: 90_000_000 })]);
  outbox.markFailed('a', 900, 1200, 'later');
  outbox.markFailed('b', 90_000_000, 90_003_600, 'later');
  outbox.clampFutureTimestamps(1000);
  expect(outbox.pending()).toMatchObject([
    { key: 'a', plannedAt: 900, nextAttemptAt: 1200 },
    { key: 'b', plannedAt: 1000, nextAttemptAt: 1000 },
  ]);
});

test('counts recently finished messages and all pending ones', () => {
  const { outbox } = open();
  outbox.enqueue(['a', 'b', 'c', 'd'].map((key) => entry(key, { plannedAt: 100 })));
  outbox.markSent('a', 200);
  outbox.markSent('b', 500);
  outbox.markFailed('c', 600, null, 'no such user');
  expect(outbox.counts(500)).toEqual({ sent: 1, givenUp: 1, waiting: 1 });
  expect(outbox.counts(0)).toEqual({ sent: 2, givenUp: 1, waiting: 1 });
});
