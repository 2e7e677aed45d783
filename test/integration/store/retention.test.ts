import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ByteWriter } from '../../../src/store/db/bytes.ts';
import { openPastVersions } from '../../../src/store/history/pastVersions.ts';
import { openPatterns } from '../../../src/store/history/patterns.ts';
import { openRoutePeriods } from '../../../src/store/history/routePeriods.ts';
import { openStore } from '../../../src/store/open.ts';
import type { Store } from '../../../src/store/store.ts';
import { openResponders } from '../../../src/store/traces/responders.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { openedStore } from './openedStore.ts';
import {
  listedTest,
  midnight,
  periodAt,
  readingOf,
  respondersOf,
  routeThrough,
  traceAt,
} from './samples.ts';

const day = 86_400;
const always = { from: 0, to: 2 ** 40 };
/** A separate route for each day. */
const routeOf = (index: number) => routeThrough('192.0.2.1', `10.0.${index}.1`, '198.51.100.9');

/** Five days of two hourly tests, finalized except for the given ones; and their database. */
function fiveDays(unsettled: readonly string[] = []): { store: Store; database: DatabaseSync } {
  const dir = tempDir();
  const store = openStore(dir, midnight);
  const database = new DatabaseSync(join(dir, 'pstrace.db'));
  onTestFinished(() => {
    database.close();
    store.close();
  });
  store.upsertTests([listedTest('a'), listedTest('b')], midnight);
  for (const id of ['a', 'b']) {
    for (let index = 0; index < 5; index++) {
      const from = midnight + index * day;
      const traces = Array.from({ length: 24 }, (_, hour) =>
        traceAt(from + hour * 3600, routeOf(index)),
      );
      const interval = { from, to: from + day - 1 };
      store.append(
        id,
        readingOf(traces, { interval, failures: [{ at: from, error: 'no reason given' }] }),
      );
      const period = periodAt(index * day, index * day + 23 * 3600, 24, { continues: index > 0 });
      if (!unsettled.includes(id)) store.finalizeDay(id, from, [period]);
    }
  }
  return { store, database };
}

const count = (database: DatabaseSync, table: string) =>
  Number(database.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.rows);

describe('pruning', () => {
  test('leaves the addresses known that were near a source, and their names', () => {
    const { store } = fiveDays();
    const near = store.addressesWithinHops(2);
    expect(near).toContain('10.0.0.1');
    store.prune(midnight + 4 * day);
    expect(store.addressesWithinHops(2)).toEqual(near);
    expect(store.addressesWithinHops(1)).not.toContain('10.0.0.1');
  });

  test('deletes whole days of all tests, but nothing of the day of the moment', () => {
    const { store, database } = fiveDays();
    expect(store.prune(midnight + 2 * day + 40_000)).toBe(midnight + 2 * day);
    for (const id of ['a', 'b']) {
      const left = store.traces(id, always).map((trace) => trace.startedAt);
      expect([left.length, left[0]]).toEqual([72, midnight + 2 * day]);
      expect(store.failures(id, always).map(({ at }) => at)).toEqual(
        [2, 3, 4].map((index) => midnight + index * day),
      );
    }
    expect(count(database, 'chunk')).toBe(2 * 3 * 4);
    expect(store.prune(midnight + 2 * day + 40_000)).toBeNull();
  });

  test('deletes routes that only earlier days used', () => {
    const { store, database } = fiveDays();
    store.append('b', readingOf([traceAt(midnight + 4 * day + 99, routeOf(1))]));
    store.prune(midnight + 3 * day);
    expect(count(database, 'route')).toBe(3);
    expect(store.traces('b', always).map((trace) => trace.route)).toContainEqual(routeOf(1));
  });

  test('keeps a route until its last day, in any order of its traces', () => {
    const store = openedStore('a');
    const route = routeOf(0);
    const days = [1, 0].map((index) => traceAt(midnight + index * day, route));
    store.append('a', readingOf(days));
    store.finalizeDay('a', midnight, [periodAt(0, 0, 1)]);
    expect(store.prune(midnight + day)).toBe(midnight + day);
    expect(store.traces('a', always)).toEqual(days.slice(0, 1));
  });

  test('stops before unfinalized days', () => {
    const { store } = fiveDays(['b']);
    expect(store.prune(midnight + 3 * day)).toBeNull();
    expect(store.traces('a', always)).toHaveLength(120);
    store.finalizeDay('b', midnight, []);
    expect(store.prune(midnight + 3 * day)).toBe(midnight + day);
  });

  test('keeps the history and joins periods that were split at midnight', () => {
    const { store, database } = fiveDays();
    store.prune(midnight + 2 * day);
    expect(store.routeHistory('a', midnight + 5 * day, 99).periods).toEqual([
      periodAt(0, day + 23 * 3600, 48),
      ...[2, 3, 4].map((index) =>
        periodAt(index * day, index * day + 23 * 3600, 24, { continues: true }),
      ),
    ]);
    store.prune(midnight + 9 * day);
    expect(store.routeHistory('a', midnight + 9 * day, 99).periods).toEqual([
      periodAt(0, 4 * day + 23 * 3600, 120),
    ]);
    expect(count(database, 'route_period')).toBe(2);
    expect(store.traces('a', always)).toEqual([]);
    expect(store.tests()[0]?.newestTraceAt).toBe(midnight + 4 * day + 23 * 3600);
  });

  test('keeps distinct periods of the history distinct', () => {
    const { store } = fiveDays();
    const periods = [
      periodAt(day, day + 40_000, 10, { continues: true }),
      periodAt(day + 50_000, day + 80_000, 14),
    ];
    store.finalizeDay('a', midnight + day, periods);
    for (const index of [2, 3, 4]) store.finalizeDay('a', midnight + index * day, []);
    store.prune(midnight + 9 * day);
    expect(store.routeHistory('a', midnight + 9 * day, 99).periods).toEqual([
      periodAt(0, day + 40_000, 34),
      periods[1],
    ]);
  });

  test('lets a longer window request deleted time again, and nothing else', () => {
    const { store } = fiveDays();
    const wanted = { from: midnight, to: midnight + 5 * day - 1 };
    expect(store.missingIntervals('a', wanted, 0)).toEqual([]);
    store.prune(midnight + 2 * day);
    expect(store.missingIntervals('a', wanted, 0)).toEqual([
      { from: midnight, to: midnight + 2 * day - 1 },
    ]);
  });

  test('keeps the history of a pruned day when its traces return', () => {
    const { store } = fiveDays();
    store.prune(midnight + 2 * day);
    const before = store.routeHistory('a', midnight + 5 * day, 99);
    store.append('a', readingOf([traceAt(midnight + 5000, routeOf(7))]));
    const [unsettled] = store.unfinalizedTests(midnight + 5 * day);
    expect(unsettled).toEqual({ id: 'a', from: midnight });
    for (const [index, period] of before.periods.entries()) {
      const replaced = index === 0 ? periodAt(5000, 5000, 1) : period;
      store.finalizeDay('a', midnight + (index === 0 ? 0 : index + 1) * day, [replaced]);
    }
    expect(store.routeHistory('a', midnight + 5 * day, 99)).toEqual(before);
    expect(store.prune(midnight + 2 * day)).toBe(midnight + 2 * day);
    expect(store.traces('a', always)).toHaveLength(72);
  });

  test('leaves an older day that arrives later unfinalized', () => {
    const { store } = fiveDays();
    store.prune(midnight + 2 * day);
    store.append('a', readingOf([traceAt(midnight - day, routeOf(7))]));
    store.finalizeDay('a', midnight - day, [periodAt(-day, -day, 1)]);
    expect(store.routeHistory('a', midnight, 99).periods).toEqual([periodAt(-day, -day, 1)]);
  });

  test('deletes unused responders every thirty days and keeps those of the history', () => {
    const { store } = fiveDays();
    const extra = { address: '203.0.113.77', hostname: 'r.example.net', asn: null, asName: null };
    const last = readingOf([traceAt(midnight + 40 * day, routeOf(9))]);
    store.append('a', { ...last, responders: respondersOf(extra) });
    store.finalizeDay('a', midnight + 40 * day, []);
    store.prune(midnight + 2 * day);
    expect(store.responders().merged().has('10.0.0.1')).toBe(true);
    store.prune(midnight + 41 * day);
    expect([...store.responders().merged().keys()].sort()).toEqual(['192.0.2.200', '198.51.100.9']);
    store.append('a', readingOf([traceAt(midnight + 42 * day, routeOf(3))]));
    expect(store.traces('a', always).map((trace) => trace.route)).toEqual([routeOf(3)]);
  });

  test.each([0, -5 * day])('before %d deletes nothing', (before) => {
    const { store } = fiveDays();
    expect(store.prune(before)).toBeNull();
    expect(store.traces('a', always)).toHaveLength(120);
  });
});

test('the route history of a test keeps its newest periods, and their routes', () => {
  const { database } = fiveDays();
  const responders = openResponders(database, openPastVersions(database));
  const patterns = openPatterns(database, responders, new ByteWriter());
  const periods = openRoutePeriods(database, patterns);
  const numbers = database
    .prepare('SELECT number FROM test')
    .all()
    .map((row) => Number(row.number));
  const [one = 0, other = 0] = numbers;
  const spread = Array.from({ length: 40 }, (_, index) =>
    periodAt(index * 60, index * 60 + 30, 1, {
      route: [{ ttl: 1, addresses: [`10.1.${index}.1`], asn: null }],
    }),
  );
  periods.replace(one, always, spread);
  expect(periods.deleteSurplus(10)).toBe(30);
  expect(periods.all(one).map(({ from }) => from)).toEqual(
    spread.slice(30).map(({ from }) => from),
  );
  expect(periods.all(other)).toHaveLength(5);
  expect(count(database, 'pattern')).toBe(11);
  expect(periods.deleteSurplus(10)).toBe(0);
});
