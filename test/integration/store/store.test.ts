import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Interval } from '../../../src/model/trace.ts';
import { openDatabase } from '../../../src/store/db/database.ts';
import { createStore } from '../../../src/store/store.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { openedStore } from './opened.ts';
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
  test('come back as the archive described them, by id', () => {
    const store = openedStore();
    const listed = [
      listedTest('b', { family: 6, taskName: 'Mesh', parameters: {}, eventTypes: [] }),
      listedTest('a'),
    ];
    store.upsertTests(listed, midnight);
    const unknown = { intervalSeconds: null, newestTraceAt: null };
    const seen = { firstSeenAt: midnight, lastListedAt: midnight };
    expect(store.tests()).toEqual([
      { ...listedTest('a'), ...unknown, ...seen },
      { ...listed[0], ...unknown, ...seen },
    ]);
  });

  test('listed again take the new description and keep id, traces and first sight', () => {
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

  test('a replay of the past does not make a test seem unlisted', () => {
    const store = openedStore('a');
    store.upsertTests([listedTest('a')], midnight - 86_400);
    expect(store.tests()[0]).toMatchObject({
      firstSeenAt: midnight - 86_400,
      lastListedAt: midnight,
    });
  });

  test('keep their addresses when a name is not found for a while', () => {
    const store = openedStore('a');
    const [known] = store.tests();
    const nameless = { ...listedTest('a'), source: { address: null, name: 'renamed' } };
    store.upsertTests([nameless], midnight + 9);
    const [after] = store.tests();
    expect(known?.source.address).not.toBeNull();
    expect(after?.source).toEqual({ address: known?.source.address, name: 'renamed' });
  });

  test('that were never listed are a bug of the caller', () => {
    expect(() => openedStore('a').append('z', reading)).toThrow('the test z is not in the store');
  });
});

describe('responders', () => {
  const known = { address: '192.0.2.1', hostname: 'r1.example.net', asn: 64_500, asName: 'One' };

  test('a look-up that fails does not wipe out what is known', () => {
    const store = openedStore('a');
    const nothing = { ...known, hostname: null, asn: null, asName: null };
    store.append('a', { ...reading, responders: respondersOf(known) });
    store.append('a', { ...reading, responders: respondersOf(nothing) });
    expect(store.responders().get('192.0.2.1')).toEqual(known);
  });

  test('a look-up that succeeds replaces it, and fills what was missing', () => {
    const store = openedStore('a');
    store.append('a', { ...reading, responders: respondersOf({ ...known, asName: null }) });
    const renamed = { ...known, hostname: 'r2.example.net', asn: null };
    store.append('a', { ...reading, responders: respondersOf(renamed) });
    expect(store.responders().get('192.0.2.1')).toEqual({ ...known, hostname: 'r2.example.net' });
  });

  test('the name of an AS never stays behind with another number', () => {
    const store = openedStore('a');
    store.append('a', { ...reading, responders: respondersOf(known) });
    const moved = { ...known, asn: 64_501, asName: null };
    store.append('a', { ...reading, responders: respondersOf(moved) });
    expect(store.responders().get('192.0.2.1')).toMatchObject({ asn: 64_501, asName: null });
  });

  test('more of them than are cached keep their numbers apart', () => {
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
    expect(store.responders().size).toBe(70_002);
  });

  test('every address of a trace is there, also without a look-up', () => {
    const store = openedStore('a');
    store.append('a', reading);
    const nothing = { hostname: null, asn: null, asName: null };
    expect([...store.responders().values()]).toEqual([
      { address: '192.0.2.1', ...nothing },
      { address: '198.51.100.9', ...nothing },
    ]);
  });
});

describe('coverage', () => {
  test('a second run asks only for what is new and the overlap, test by test', () => {
    const store = openedStore('a', 'b');
    const interval = { from: midnight, to: midnight + 86_400 };
    store.append('a', { ...reading, interval });
    const wanted = { from: midnight + 1800, to: midnight + 88_200 };
    expect(store.missingIntervals('a', wanted, 7200)).toEqual([
      { from: midnight + 86_400 - 7199, to: midnight + 88_200 },
    ]);
    expect(store.missingIntervals('b', wanted, 7200)).toEqual([wanted]);
  });

  test('slices that were read in any order join into one', () => {
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

test('failures come back within the window, once each', () => {
  const store = openedStore('a', 'b');
  const failures = [0, 600, 1200].map((after) => ({ at: midnight + after, error: `no ${after}` }));
  store.append('a', { ...reading, failures });
  store.append('a', { ...reading, failures });
  const window = { from: midnight + 600, to: midnight + 1200 };
  expect(store.failures('a', window)).toEqual(failures.slice(1));
  expect(store.failures('b', window)).toEqual([]);
});

test('archives are remembered up to when their tests were listed', () => {
  const store = openedStore();
  expect(store.listedUntil('ma.example.net')).toBeNull();
  store.setListedUntil('ma.example.net', midnight);
  store.setListedUntil('ma.example.net', midnight + 1800);
  expect(store.listedUntil('ma.example.net')).toBe(midnight + 1800);
});

describe('runs', () => {
  test('come newest first; one that was killed stays without an end', () => {
    const store = openedStore();
    store.startRun(runAt(midnight));
    const number = store.startRun(runAt(midnight + 1800));
    const finished = { ...runAt(midnight + 1800), finishedAt: midnight + 1810, outcome: 'ok' };
    store.finishRun(number, { ...finished, outcome: 'ok' });
    expect(store.runs(10)).toEqual([finished, runAt(midnight)]);
    expect(store.runs(1)).toEqual([finished]);
  });

  test('only the last few hundred are kept, and of each a bounded number of problems', () => {
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
  test('that fails leaves nothing, not even in what is cached', () => {
    const store = openedStore('a', 'b');
    const failing = () =>
      store.transaction(() => {
        store.append('a', reading);
        throw new Error('stop');
      });
    expect(failing).toThrow('stop');
    expect(store.traces('a', always)).toEqual([]);
    expect(store.responders().size).toBe(0);
    // Numbers that were given out within it are free again: other addresses take them.
    const other = routeThrough('203.0.113.1', '203.0.113.2', '203.0.113.3');
    store.append('b', readingOf([traceAt(midnight, other)]));
    store.append('a', reading);
    expect(store.traces('a', always)).toEqual(reading.traces);
    expect(store.traces('b', always)[0]?.route).toEqual(other);
  });

  test('keeps what went well when one append of it fails and the caller goes on', () => {
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
    expect([...store.responders().keys()]).toEqual(['192.0.2.1', '198.51.100.9', '192.0.2.77']);
  });

  test('that fails takes the tests back that came in it: others get their numbers', () => {
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
