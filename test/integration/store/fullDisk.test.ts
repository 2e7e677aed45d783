import { statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ExpectedError } from '../../../src/lib/errors.ts';
import type { Interval } from '../../../src/model/trace/trace.ts';
import { openDatabase } from '../../../src/store/db/database.ts';
import { storeFailure } from '../../../src/store/db/storeFailure.ts';
import { openStore } from '../../../src/store/open.ts';
import { createStore, type Store } from '../../../src/store/store.ts';
import { mountSmallDisk } from '../../helpers/smallDisk.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { listedTest, midnight, readingOf, routeThrough, traceAt } from './samples.ts';

const always = { from: 0, to: 2 ** 40 };

/** The reading of one day, with new routes. */
function day(number: number) {
  const traces = Array.from({ length: 144 }, (_, index) => {
    const hops = Array.from({ length: 16 }, (_, hop) => `10.${number % 256}.${index}.${hop}`);
    return traceAt(midnight + number * 86_400 + index * 600, routeThrough(...hops));
  });
  return readingOf(traces);
}

/** Appends days until one fails; returns their number and the failure. */
function fill(store: Pick<Store, 'append'>): { days: number; failure: unknown } {
  for (let days = 0; days < 1000; days++) {
    try {
      store.append('a', day(days));
    } catch (failure) {
      return { days, failure };
    }
  }
  throw new Error('the disk never filled');
}

test('an append without space fails as a whole and reports a full disk', () => {
  const path = join(tempDir(), 'pstrace.db');
  const database = openDatabase({ path, check: false });
  database.exec('PRAGMA max_page_count = 400');
  const store = createStore(database);
  onTestFinished(() => store.close());
  store.upsertTests([listedTest('a')], midnight);
  const { days, failure } = fill(store);
  expect(storeFailure(failure, path)).toMatchObject({
    kind: 'store',
    message: expect.stringContaining('the disk is full'),
    remedy: expect.stringContaining('Free space'),
  });
  expect(days).toBeGreaterThan(0);
  expect(store.traces('a', always)).toHaveLength(days * 144);
  database.exec('PRAGMA max_page_count = 4000');
  expect(store.append('a', day(days)).added).toBe(144);
});

test('a full disk within a batch: covered time has its traces, and appends continue with free space', () => {
  const path = join(tempDir(), 'pstrace.db');
  const database = openDatabase({ path, check: false });
  database.exec('PRAGMA max_page_count = 400');
  const store = createStore(database);
  onTestFinished(() => store.close());
  const ids = ['a', 'b', 'c'];
  store.upsertTests(
    ids.map((id) => listedTest(id)),
    midnight,
  );
  const gather = (id: string, number: number) =>
    store.batched(() => store.append(id, day(number))).added;
  const isRead = (id: string, number: number) =>
    store.missingIntervals(id, day(number).interval as Interval, 0).length === 0;
  const fillGathered = () => {
    for (let number = 0; ; number++) for (const id of ids) gather(id, number);
  };
  expect(fillGathered).toThrow(/full/);
  const days = Array.from({ length: 20 }, (_, number) => number);
  const kept = () => ids.map((id) => [id, store.traces(id, always).length]);
  const read = () => ids.map((id) => [id, 144 * days.filter((day) => isRead(id, day)).length]);
  expect(kept()).toEqual(read());
  database.exec('PRAGMA max_page_count = 40000');
  for (let number = 0; number < 20; number++) for (const id of ids) gather(id, number);
  store.commitBatch();
  const all = Array.from({ length: 20 }, (_, number) => day(number).traces).flat();
  for (const id of ids) expect(store.traces(id, always)).toEqual(all);
});

test('a full disk stops the run with a message; stored data is intact, and appends continue with free space', () => {
  const disk = mountSmallDisk(tempDir(), 6000);
  // Without permission to mount, only the test above runs.
  if (disk === null) return;
  const stores: Store[] = [];
  onTestFinished(() => {
    for (const store of stores) store.close();
    disk.unmount();
  });
  const dir = join(disk.path, 'var');
  const store = openStore(dir, midnight);
  stores.push(store);
  store.upsertTests([listedTest('a')], midnight);
  const { days, failure } = fill(store);
  expect(failure).toBeInstanceOf(ExpectedError);
  expect((failure as ExpectedError).message).toMatch(/the disk is full|input\/output error/);
  expect(store.traces('a', always)).toHaveLength(days * 144);
  store.close();
  stores.pop();
  const room = statfsSync(disk.path);
  writeFileSync(join(disk.path, 'ballast'), Buffer.alloc(room.bavail * room.bsize));
  try {
    stores.push(openStore(dir, midnight));
  } catch (error) {
    // Without space for the index of the journal, SQLite reports an I/O error.
    expect(error).toBeInstanceOf(ExpectedError);
  }
  for (const kept of stores) {
    expect(kept.problems).toEqual([]);
    expect(kept.traces('a', always)).toHaveLength(days * 144);
  }
});
