import { describe, expect, test } from 'vitest';
import { openDatabase } from '../../../src/store/db/database.ts';
import { openTables } from '../../../src/store/tables.ts';
import { openedStore } from './openedStore.ts';
import { midnight, readingOf, routeThrough, traceAt } from './samples.ts';

const always = { from: 0, to: 2 ** 40 };
const route = routeThrough('192.0.2.1', '198.51.100.9');
const tracesAt = (...after: number[]) => after.map((at) => traceAt(midnight + at, route));

describe('cached traces', () => {
  test('are the same objects in the next read of the test, for any window', () => {
    const store = openedStore('a', 'b');
    for (const id of ['a', 'b']) store.append(id, readingOf(tracesAt(0, 600, 30_000)));
    const [first, , last] = store.traces('a', always);
    store.traces('b', always);
    const again = store.traces('a', { from: midnight, to: midnight });
    expect(again).toEqual(tracesAt(0));
    expect(again[0]).toBe(first);
    expect(store.traces('a', { from: midnight + 700, to: midnight + 30_000 })[0]).toBe(last);
  });

  test('are evicted by other tests and by a very large test', () => {
    const others = Array.from({ length: 4 }, (_, index) => `other-${index}`);
    const store = openedStore('a', 'large', ...others);
    const many = Array.from({ length: 3000 }, (_, index) => index);
    store.append('large', readingOf(tracesAt(...many)));
    for (const id of ['a', ...others]) store.append(id, readingOf(tracesAt(0)));
    const traceOf = (id: string) => store.traces(id, always)[0];
    const [first, large] = [traceOf('a'), traceOf('large')];
    expect(traceOf('a')).toBe(first);
    expect(traceOf('large')).not.toBe(large);
    for (const id of others) traceOf(id);
    expect(traceOf('a')).not.toBe(first);
    expect(traceOf('a')).toEqual(first);
  });

  test('are evicted by appends and rollbacks', () => {
    const store = openedStore('a');
    const starts = () => store.traces('a', always).map(({ startedAt }) => startedAt - midnight);
    store.append('a', readingOf(tracesAt(600, 100_000)));
    expect(starts()).toEqual([600, 100_000]);
    const broken = () =>
      store.transaction(() => {
        store.append('a', readingOf(tracesAt(1200)));
        expect(starts()).toEqual([600, 1200, 100_000]);
        throw new Error('no room');
      });
    expect(broken).toThrow('no room');
    expect(starts()).toEqual([600, 100_000]);
    store.append('a', readingOf(tracesAt(1200)));
    expect(starts()).toEqual([600, 1200, 100_000]);
  });

  test('are evicted by pruning', () => {
    const { traces } = openTables(openDatabase({ path: ':memory:', check: false }));
    traces.append(1, tracesAt(600, 100_000));
    const window = { from: midnight, to: midnight + 100_000 };
    expect(traces.read(1, window)).toHaveLength(2);
    traces.prune(midnight + 86_400);
    expect(traces.read(1, window)).toEqual(tracesAt(100_000));
  });
});
