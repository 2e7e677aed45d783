import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from '../../../src/store/db/database.ts';
import { createTransactions } from '../../../src/store/db/transactions.ts';
import { openStore } from '../../../src/store/open.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { listedTest, midnight, readingOf, routeThrough, traceAt } from './samples.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** A table of numbers, and its content as another process sees it. */
function arranged() {
  const path = join(tempDir(), 'numbers.db');
  const [database, other] = [0, 1].map(() => openDatabase({ path, check: false }));
  if (database === undefined || other === undefined) throw new Error('no database');
  onTestFinished(() => {
    other.close();
    database.close();
  });
  // A deferred foreign key fails at the commit.
  database.exec(
    `CREATE TABLE written (
      id INTEGER PRIMARY KEY, number INTEGER REFERENCES written (id) DEFERRABLE INITIALLY DEFERRED)`,
  );
  const forget = vi.fn();
  const { transaction, batched, commitBatch } = createTransactions(database, forget);
  const put = (number: number | null) =>
    transaction(() => void database.prepare('INSERT INTO written (number) VALUES (?)').run(number));
  const count = () => Number(other.prepare('SELECT count(*) AS rows FROM written').get()?.rows);
  return { database, forget, transaction, batched, commitBatch, put, count };
}

describe('a batch', () => {
  test('is committed after sixteen calls, and the rest by commitBatch', () => {
    const { batched, commitBatch, put, count } = arranged();
    const seen = Array.from({ length: 40 }, () => {
      batched(() => put(null));
      return count();
    });
    expect([...new Set(seen)]).toEqual([0, 16, 32]);
    commitBatch();
    expect(count()).toBe(40);
  });

  test('is committed after a moment, so that others can write', () => {
    const { batched, put, count } = arranged();
    batched(() => put(null));
    vi.advanceTimersByTime(99);
    batched(() => put(null));
    expect(count()).toBe(0);
    vi.advanceTimersByTime(1);
    expect(count()).toBe(2);
  });

  test('is committed before a transaction outside it, which is durable on return', () => {
    const { batched, put, count } = arranged();
    batched(() => put(null));
    put(null);
    expect(count()).toBe(2);
  });

  test('is committed without a call that fails', () => {
    const { forget, batched, transaction, commitBatch, put, count } = arranged();
    batched(() => put(null));
    const failing = () =>
      transaction(() => {
        put(null);
        throw new Error('no room');
      });
    expect(() => batched(failing)).toThrow('no room');
    expect(forget).toHaveBeenCalledOnce();
    commitBatch();
    expect(count()).toBe(1);
  });

  test('that cannot be committed fails in the next call and clears caches', () => {
    const { forget, batched, commitBatch, put, count } = arranged();
    batched(() => put(7));
    vi.advanceTimersByTime(100);
    expect(forget).toHaveBeenCalledOnce();
    expect(() => batched(() => put(null))).toThrow('FOREIGN KEY');
    batched(() => put(null));
    commitBatch();
    expect(count()).toBe(1);
  });

  test('within a transaction is part of it', () => {
    const { batched, transaction, put, count } = arranged();
    const broken = () =>
      transaction(() => {
        batched(() => put(null));
        throw new Error('no room');
      });
    expect(broken).toThrow('no room');
    transaction(() => batched(() => put(null)));
    expect(count()).toBe(1);
  });
});

test('closing a store commits the batch', () => {
  const dir = tempDir();
  const trace = traceAt(midnight, routeThrough('192.0.2.1', '198.51.100.9'));
  const store = openStore(dir, midnight);
  store.upsertTests([listedTest('a')], midnight);
  store.batched(() => store.append('a', readingOf([trace])));
  store.close();
  const again = openStore(dir, midnight);
  onTestFinished(() => again.close());
  expect(again.traces('a', { from: midnight, to: midnight })).toEqual([trace]);
});
