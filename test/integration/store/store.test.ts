import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Interval } from '../../../src/model/trace/trace.ts';
import { openDatabase } from '../../../src/store/db/database.ts';
import { createStore } from '../../../src/store/store.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { openedStore } from './openedStore.ts';
import {
  listedTest,
  midnight,
  readingOf,
  respondersOf,
  routeThrough,
  runAt,
  traceAt,
} from './samples.ts';

const always: Interval = { from: 0, to: 2 ** 40 };
const route = routeThrough('192.0.2.1', '198.51.100.9');
const reading = readingOf([traceAt(midnight, route)]);

describe('tests', () => {
  test('are read as the archive described them, by id', () => {
    const store = openedStore();
    const listed = [
      listedTest('b', { family: 6, taskName: 'Mesh', parameters: {}, eventTypes: [] }),
      listedTest('a'),
    ];
    store.upsertTests(listed, midnight);
    const traces = { intervalSeconds: null, firstTraceAt: null, newestTraceAt: null };
    const unknown = {
      ...traces,
      isScheduled: null,
      sameAs: null,
      watchedSince: null,
      plannedAt: null,
      retired: null,
    };
    const seen = { firstSeenAt: midnight, lastListedAt: midnight };
    expect(store.tests()).toEqual([
      { ...listedTest('a'), ...unknown, ...seen },
      { ...listed[0], ...unknown, ...seen },
    ]);
  });

  test('that are listed again get the new description and keep id, traces and first listing', () => {
    const store = openedStore('a');
    store.append('a', reading);
    store.upsertTests([listedTest('a', { taskName: 'Renamed' })], midnight + 1800);
    store.upsertTests([listedTest('b')], midnight + 3600);
    expect(store.tests()[0]).toMatchObject({
      id: 'a',
      taskName: 'Renamed',
      firstSeenAt: midnight,
      lastListedAt: midnight + 1800,
      newestTraceAt: midnight,
    });
    expect(store.traces('a', always)).toHaveLength(1);
  });

  test('of one host take its new name and address together, and its old ones again', () => {
    const store = openedStore('a', 'b');
    const listedAs = (source: { address: string; name: string }) =>
      store.upsertTests([listedTest('a', { source }), listedTest('b', { source })], midnight);
    const [old] = store.tests().map(({ source }) => source);
    const renamed = { address: '192.0.2.77', name: 'renamed.example.net' };
    listedAs(renamed);
    expect(store.tests().map(({ source }) => source)).toEqual([renamed, renamed]);
    listedAs({ address: '192.0.2.10', name: 'ps1.example.net' });
    expect(store.tests().map(({ source }) => source)).toEqual([old, old]);
    expect(store.aliases().get('192.0.2.77')).toEqual(new Set(['renamed.example.net']));
  });

  test('stay listed after a replay of the past', () => {
    const store = openedStore('a');
    store.upsertTests([listedTest('a')], midnight - 86_400);
    expect(store.tests()[0]).toMatchObject({
      firstSeenAt: midnight - 86_400,
      lastListedAt: midnight,
    });
  });

  test('keep their addresses while a name does not resolve', () => {
    const store = openedStore('a');
    const [known] = store.tests();
    const nameless = { ...listedTest('a'), source: { address: null, name: 'renamed' } };
    store.upsertTests([nameless], midnight + 9);
    const [after] = store.tests();
    expect(known?.source.address).not.toBeNull();
    expect(after?.source).toEqual({ address: known?.source.address, name: 'renamed' });
  });

  test('that were never listed cause an error', () => {
    expect(() => openedStore('a').append('z', reading)).toThrow('the test z is not in the store');
  });
});

describe('responders', () => {
  const known = { address: '192.0.2.1', hostname: 'r1.example.net', asn: 64_500, asName: 'One' };

  test('a failed look-up keeps known values', () => {
    const store = openedStore('a');
    const nothing = { ...known, hostname: null, asn: null, asName: null };
    store.append('a', { ...reading, responders: respondersOf(known) });
    store.append('a', { ...reading, responders: respondersOf(nothing) });
    expect(store.responders().merged().get('192.0.2.1')).toEqual(known);
  });

  test('a successful look-up replaces values and adds missing ones', () => {
    const store = openedStore('a');
    store.append('a', { ...reading, responders: respondersOf({ ...known, asName: null }) });
    const renamed = { ...known, hostname: 'r2.example.net', asn: null };
    store.append('a', { ...reading, responders: respondersOf(renamed) });
    expect(store.responders().merged().get('192.0.2.1')).toEqual({
      ...known,
      hostname: 'r2.example.net',
    });
  });

  test('the name of an AS is replaced with its number', () => {
    const store = openedStore('a');
    store.append('a', { ...reading, responders: respondersOf(known) });
    const moved = { ...known, asn: 64_501, asName: null };
    store.append('a', { ...reading, responders: respondersOf(moved) });
    expect(store.responders().merged().get('192.0.2.1')).toMatchObject({
      asn: 64_501,
      asName: null,
    });
  });

  test('have distinct numbers beyond the size of the cache', () => {
    const store = openedStore('a', 'b');
    const addresses = Array.from(
      { length: 70_000 },
      (_, index) => `10.${index >> 8}.${index & 255}.1`,
    );
    const responders = addresses.map((address) => ({ ...known, address, asn: null }));
    store.append('a', { ...reading, responders: respondersOf(...responders) });
    const far = routeThrough(addresses[0] ?? '', '192.0.2.1', addresses.at(-1) ?? '');
    const traces = [traceAt(midnight, far)];
    store.append('b', readingOf(traces));
    expect(store.traces('b', always)).toEqual(traces);
    expect(store.traces('a', always)).toEqual(reading.traces);
    expect(store.responders().merged().size).toBe(70_002);
  });

  test('include every address of a trace, even without a look-up', () => {
    const store = openedStore('a');
    store.append('a', reading);
    const nothing = { hostname: null, asn: null, asName: null };
    expect([...store.responders().merged().values()]).toEqual([
      { address: '192.0.2.1', ...nothing },
      { address: '198.51.100.9', ...nothing },
    ]);
  });
});

describe('coverage', () => {
  test('a second run requests new time and the overlap only, per test', () => {
    const store = openedStore('a', 'b');
    const interval = { from: midnight, to: midnight + 86_400 };
    store.append('a', { ...reading, interval });
    const wanted = { from: midnight + 1800, to: midnight + 88_200 };
    expect(store.missingIntervals('a', wanted, 7200)).toEqual([
      { from: midnight + 86_400 - 7199, to: midnight + 88_200 },
    ]);
    expect(store.missingIntervals('b', wanted, 7200)).toEqual([wanted]);
  });

  test('slices join in any order', () => {
    const database = openDatabase({ path: join(tempDir(), 'pstrace.db'), check: false });
    const store = createStore(database);
    onTestFinished(() => store.close());
    store.upsertTests([listedTest('a')], midnight);
    const wanted = { from: midnight, to: midnight + 399 };
    for (const slice of [3, 0, 2, 0]) {
      const from = midnight + slice * 100;
      store.append('a', { ...reading, interval: { from, to: from + 99 } });
    }
    expect(store.missingIntervals('a', wanted, 0)).toEqual([
      { from: midnight + 100, to: midnight + 199 },
    ]);
    const interval = { from: midnight + 100, to: midnight + 199 };
    store.append('a', { ...reading, interval, traces: [] });
    expect(store.missingIntervals('a', wanted, 0)).toEqual([]);
    expect(database.prepare('SELECT from_at, to_at FROM coverage').all()).toEqual([
      expect.objectContaining({ from_at: wanted.from, to_at: wanted.to }),
    ]);
  });
});

test('failures within a window are read once each', () => {
  const store = openedStore('a', 'b');
  const failures = [0, 600, 1200].map(
    (after) => ({ at: midnight + after, error: 'no reason given' }) as const,
  );
  store.append('a', { ...reading, failures });
  store.append('a', { ...reading, failures });
  const window = { from: midnight + 600, to: midnight + 1200 };
  expect(store.failures('a', window)).toEqual(failures.slice(1));
  expect(store.failures('b', window)).toEqual([]);
});

test('the store records until when an archive was listed', () => {
  const store = openedStore();
  expect(store.listedUntil('ma.example.net')).toBeNull();
  store.setListedUntil('ma.example.net', midnight);
  store.setListedUntil('ma.example.net', midnight + 1800);
  expect(store.listedUntil('ma.example.net')).toBe(midnight + 1800);
});

describe('runs', () => {
  test('are read newest first; a killed one has no end', () => {
    const store = openedStore();
    store.startRun(runAt(midnight));
    const number = store.startRun(runAt(midnight + 1800));
    const finished = { ...runAt(midnight + 1800), finishedAt: midnight + 1810, outcome: 'ok' };
    store.finishRun(number, { ...finished, outcome: 'ok' });
    expect(store.runs(10)).toEqual([finished, runAt(midnight)]);
    expect(store.runs(1)).toEqual([finished]);
  });

  test('are limited to a few hundred, each with a limited number of problems', () => {
    const store = openedStore();
    for (let index = 0; index < 400; index++) store.startRun(runAt(midnight + index));
    const kept = store.runs(1000);
    expect(kept).toHaveLength(336);
    expect(kept[0]?.startedAt).toBe(midnight + 399);
    const problem = {
      kind: 'unreachable',
      subject: 't',
      message: 'no answer',
      remedy: null,
    } as const;
    store.startRun({ ...runAt(midnight), problems: new Array(10_000).fill(problem) });
    const problems = store.runs(1)[0]?.problems ?? [];
    expect(problems).toHaveLength(501);
    expect(problems.at(-1)?.message).toBe('9500 more problems are not stored');
  });
});

describe('a transaction', () => {
  test('that fails leaves nothing behind, not even in caches', () => {
    const store = openedStore('a', 'b');
    const failing = () =>
      store.transaction(() => {
        store.append('a', reading);
        throw new Error('stop');
      });
    expect(failing).toThrow('stop');
    expect(store.traces('a', always)).toEqual([]);
    expect(store.responders().merged().size).toBe(0);
    // The numbers from the failed transaction are free again.
    const other = routeThrough('203.0.113.1', '203.0.113.2', '203.0.113.3');
    store.append('b', readingOf([traceAt(midnight, other)]));
    store.append('a', reading);
    expect(store.traces('a', always)).toEqual(reading.traces);
    expect(store.traces('b', always)[0]?.route).toEqual(other);
  });

  test('keeps other appends when one fails and the caller continues', () => {
    const store = openedStore('a', 'b');
    const other = routeThrough('203.0.113.1', '203.0.113.2', '203.0.113.3');
    const skipping = { ...other, hops: other.hops.filter((hop) => hop.ttl !== 2) };
    const traces = [traceAt(midnight, other), traceAt(midnight + 30_000, skipping)];
    store.transaction(() => {
      store.append('a', reading);
      expect(() => store.append('b', readingOf(traces))).toThrow('skips');
      expect(store.traces('b', always)).toEqual([]);
      store.append('b', readingOf([traceAt(midnight, routeThrough('192.0.2.77'))]));
    });
    expect(store.traces('a', always)).toEqual(reading.traces);
    expect(store.traces('b', always)[0]?.route).toEqual(routeThrough('192.0.2.77'));
    expect([...store.responders().merged().keys()]).toEqual([
      '192.0.2.1',
      '198.51.100.9',
      '192.0.2.77',
    ]);
  });

  test('that fails removes its tests, whose numbers others get', () => {
    const store = openedStore();
    const failing = () =>
      store.transaction(() => {
        store.upsertTests([listedTest('a')], midnight);
        store.detectionStates.startWatching('a', midnight);
        throw new Error('stop');
      });
    expect(failing).toThrow('stop');
    store.upsertTests([listedTest('b'), listedTest('a')], midnight);
    store.detectionStates.startWatching('a', midnight + 1);
    expect([...store.detectionStates.watchedSince()]).toEqual([['a', midnight + 1]]);
  });
});
