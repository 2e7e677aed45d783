import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { StoredRoutePeriod } from '../../../src/model/site/analysis.ts';
import { ByteWriter } from '../../../src/store/db/bytes.ts';
import { openStore } from '../../../src/store/open.ts';
import { packPattern, unpackPattern } from '../../../src/store/traces/packedPattern.ts';
import { anyPattern } from '../../helpers/store/arbitrary.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { openedStore } from './openedStore.ts';
import { listedTest, midnight, periodAt, readingOf, routeThrough, traceAt } from './samples.ts';

const day = 86_400;
const route = routeThrough('192.0.2.1', '198.51.100.9');

/** Traces every ten minutes from `from` (seconds after midnight) on. */
function traces(from: number, count: number) {
  return Array.from({ length: count }, (_, index) => traceAt(midnight + from + index * 600, route));
}

/** A store with two whole finalized days of a test. */
function settledStore(): ReturnType<typeof openedStore> {
  const store = openedStore('a');
  store.append('a', readingOf(traces(0, 288)));
  store.finalizeDay('a', midnight, [periodAt(0, 85_800, 144)]);
  store.finalizeDay('a', midnight + day, [periodAt(day, 172_200, 144, { continues: true })]);
  return store;
}

describe('route periods', () => {
  test('are read as they were stored, with any routes', () => {
    const store = openedStore('a', 'b');
    const storedFacts = fc.array(
      fc.record({ route: anyPattern, reached: fc.boolean(), continues: fc.boolean() }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(storedFacts, (facts) => {
        const periods = facts.map((each, index): StoredRoutePeriod => {
          const from = midnight + index * 1000.25;
          return { from, to: from + 600, traces: index + 1, ...each };
        });
        store.finalizeDay('a', midnight, periods);
        expect(store.routeHistory('a', midnight + day, 100)).toEqual({
          periods,
          until: midnight + day,
        });
        expect(store.routeHistory('b', midnight + day, 100).periods).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('are ascending when only the newest are read', () => {
    const store = openedStore('a');
    const periods = [0, 1, 2, 3].map((index) => periodAt(index * 600, index * 600, 1));
    store.finalizeDay('a', midnight, periods);
    expect(store.routeHistory('a', midnight + day, 2).periods).toEqual(periods.slice(2));
  });

  test('are the same after the store is opened again', () => {
    const dir = tempDir();
    const periods = [periodAt(0, 600, 2)];
    for (const round of [1, 2]) {
      const store = openStore(dir, midnight);
      onTestFinished(() => store.close());
      if (round === 1) store.upsertTests([listedTest('a')], midnight);
      if (round === 1) store.finalizeDay('a', midnight, periods);
      expect(store.routeHistory('a', midnight + day, 9).periods).toEqual(periods);
    }
  });

  test('a skipped ttl throws an error; an unknown format is corruption', () => {
    const gap = [1, 3].map((ttl) => ({ ttl, addresses: [], asn: null }));
    expect(() => packPattern(gap, () => 1, new ByteWriter())).toThrow('skips');
    expect(() => unpackPattern(new Uint8Array([9, 0, 0]), String)).toThrow('unknown format 9');
  });
});

describe('a test', () => {
  test('is unfinalized from the day of its oldest trace until periods cover all past days', () => {
    const store = openedStore('a', 'b');
    expect(store.unfinalizedTests(midnight + day)).toEqual([]);
    store.append('a', readingOf(traces(7200, 200)));
    expect(store.unfinalizedTests(midnight)).toEqual([]);
    expect(store.unfinalizedTests(midnight + day)).toEqual([{ id: 'a', from: midnight }]);
    store.finalizeDay('a', midnight, []);
    expect(store.unfinalizedTests(midnight + day)).toEqual([]);
    expect(store.unfinalizedTests(midnight + 2 * day)).toEqual([{ id: 'a', from: midnight + day }]);
    store.finalizeDay('a', midnight + day, []);
    expect(store.unfinalizedTests(midnight + 9 * day)).toEqual([]);
  });

  test('late results make their day and later days unfinalized, but no earlier ones', () => {
    const store = settledStore();
    expect(store.unfinalizedTests(midnight + 2 * day)).toEqual([]);
    store.append('a', readingOf([traceAt(midnight + 100, route)]));
    expect(store.unfinalizedTests(midnight + 2 * day)).toEqual([{ id: 'a', from: midnight }]);
    expect(store.routeHistory('a', midnight + 2 * day, 9)).toEqual({
      periods: [],
      until: midnight,
    });
    store.finalizeDay('a', midnight, [periodAt(0, 85_800, 145)]);
    const { periods, until } = store.routeHistory('a', midnight + 2 * day, 9);
    expect(periods.map((period) => period.traces)).toEqual([145]);
    expect(until).toBe(midnight + day);
  });

  test('results that are read again keep finalized days', () => {
    const store = settledStore();
    store.append('a', readingOf(traces(0, 288)));
    expect(store.unfinalizedTests(midnight + 2 * day)).toEqual([]);
  });

  test('the longer window of a later run adds older unfinalized days', () => {
    const store = settledStore();
    store.append('a', readingOf(traces(-3 * day, 10)));
    expect(store.unfinalizedTests(midnight + 2 * day)).toEqual([
      { id: 'a', from: midnight - 3 * day },
    ]);
  });
});

describe('the history before a moment', () => {
  test('ends there, according to the traces', () => {
    const store = settledStore();
    const at = midnight + day + 6000;
    const { periods, until } = store.routeHistory('a', at, 9);
    expect(until).toBe(at);
    expect(periods[1]).toEqual(periodAt(day, day + 5400, 10, { continues: true }));
  });

  test('ends there at the start of a chunk, too', () => {
    const store = settledStore();
    const { periods } = store.routeHistory('a', midnight + day + 6 * 3600, 9);
    expect(periods[1]).toEqual(periodAt(day, day + 6 * 3600 - 600, 36, { continues: true }));
  });

  test('keeps a whole period without stored traces', () => {
    const store = settledStore();
    store.prune(midnight + 2 * day);
    const { periods } = store.routeHistory('a', midnight + day + 6000, 9);
    expect(periods).toEqual([periodAt(0, 172_200, 288)]);
  });

  test('ends at the first unfinalized day', () => {
    const store = openedStore('a');
    store.append('a', readingOf(traces(600, 3)));
    expect(store.routeHistory('a', midnight + day, 9)).toEqual({
      periods: [],
      until: midnight + 600,
    });
    expect(store.routeHistory('a', midnight, 9).until).toBe(midnight);
  });
});

test('the history needs only the state folder', () => {
  const dir = join(tempDir(), 'var');
  const store = openStore(dir, midnight);
  onTestFinished(() => store.close());
  store.upsertTests([listedTest('a')], midnight);
  expect(store.routeHistory('a', midnight, 9)).toEqual({ periods: [], until: midnight });
});
