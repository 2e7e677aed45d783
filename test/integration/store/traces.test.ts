import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Interval, Trace } from '../../../src/model/trace/trace.ts';
import { anyTrace } from '../../helpers/store/arbitrary.ts';
import { openedStore } from './openedStore.ts';
import { midnight, readingOf, routeThrough, traceAt } from './samples.ts';

const always: Interval = { from: 0, to: 2 ** 40 };
const routeA = routeThrough('192.0.2.1', null, '198.51.100.9');
const routeB = routeThrough('192.0.2.1', '192.0.2.2', '198.51.100.9');

describe('traces of a test', () => {
  test('are read unchanged and ascending, for any order and batches of appends', () => {
    const batches = fc.array(fc.array(anyTrace(midnight), { maxLength: 6 }), { maxLength: 5 });
    fc.assert(
      fc.property(batches, (read) => {
        const store = openedStore('a', 'b');
        const first = new Map<number, Trace>();
        for (const traces of read) {
          const fresh = new Set(traces.map((trace) => trace.startedAt)).difference(
            new Set(first.keys()),
          );
          for (const trace of traces) {
            if (!first.has(trace.startedAt)) first.set(trace.startedAt, trace);
          }
          const reading = readingOf(traces, { interval: { from: midnight, to: midnight } });
          expect(store.append('a', reading).added).toBe(fresh.size);
          expect(store.append('a', reading).added).toBe(0);
        }
        const expected: Trace[] = [...first].sort(([a], [b]) => a - b).map(([, trace]) => trace);
        expect(store.traces('a', always)).toEqual(expected);
        expect(store.traces('b', always)).toEqual([]);
        for (const [index, { startedAt }] of expected.entries())
          expect(store.readTracesOnce('a', { ...always, from: startedAt })).toEqual(
            expected.slice(index),
          );
      }),
      { numRuns: 30 },
    );
  });

  test('that arrive late are inserted between others, across spans', () => {
    const store = openedStore('a');
    const starts = Array.from({ length: 80 }, (_, index) => midnight - 3000 + index * 600);
    const even = starts.filter((_, index) => index % 2 === 0).map((at) => traceAt(at, routeA));
    const odd = starts.filter((_, index) => index % 2 === 1).map((at) => traceAt(at, routeB));
    store.append('a', readingOf(even));
    store.append('a', readingOf(odd.reverse()));
    const all = store.traces('a', always);
    expect(all.map((trace) => trace.startedAt)).toEqual(starts);
    expect(all.map((trace) => trace.route.hops[1]?.addresses.length)).toEqual(
      starts.map((_, index) => index % 2),
    );
  });

  test('of a window include both ends and nothing else', () => {
    const store = openedStore('a');
    const starts = [0, 600, 1200, 21_600, 22_200].map((after) => midnight + after);
    store.append('a', readingOf(starts.map((at) => traceAt(at, routeA))));
    const within = (from: number, to: number) =>
      store
        .traces('a', { from: midnight + from, to: midnight + to })
        .map((trace) => trace.startedAt - midnight);
    expect(within(600, 21_600)).toEqual([600, 1200, 21_600]);
    expect(within(601, 1199)).toEqual([]);
    expect(within(22_201, 99_999)).toEqual([]);
    expect(within(1200, 600)).toEqual([]);
  });

  test('over the same route share one object, across batches, too', () => {
    const store = openedStore('a');
    for (const at of [0, 600, 1200, 30_000]) {
      const copy = structuredClone(at === 600 ? routeB : routeA);
      store.append('a', readingOf([traceAt(midnight + at, copy)]));
    }
    const [first, second, third, last] = store.traces('a', always).map((trace) => trace.route);
    expect(third).toBe(first);
    expect(last).toBe(first);
    expect(second).not.toBe(first);
    expect(second).toEqual(routeB);
  });

  test('that are read again with other values stay as first read', () => {
    const store = openedStore('a');
    store.append('a', readingOf([traceAt(midnight, routeA)]));
    const other = { ...traceAt(midnight, routeB), rttMs: [7, 7, 7] };
    expect(store.append('a', readingOf([other]))).toEqual({ added: 0 });
    expect(store.traces('a', always)).toEqual([traceAt(midnight, routeA)]);
  });

  test('fifty thousand of one test are appended at once', () => {
    const store = openedStore('a');
    const many = Array.from({ length: 50_000 }, (_, index) => traceAt(midnight + index, routeA));
    expect(store.append('a', readingOf(many)).added).toBe(50_000);
    expect(store.traces('a', always)).toHaveLength(50_000);
  });

  test.each([-1, Number.NaN, 1e12])('a start of %d is rejected', (at) => {
    const store = openedStore('a');
    const reading = readingOf([traceAt(at, routeA)], { interval: { from: 0, to: 1 } });
    expect(() => store.append('a', reading)).toThrow(RangeError);
    expect(store.traces('a', always)).toEqual([]);
  });
});

describe('the traces of a test determine', () => {
  test('its interval and its newest trace, updated by each append', () => {
    const store = openedStore('a');
    const known = () => {
      const [found] = store.tests();
      return [found?.intervalSeconds, found?.newestTraceAt];
    };
    expect(known()).toEqual([null, null]);
    const at = (index: number) => traceAt(midnight + index * 600, routeA);
    store.append('a', readingOf([at(0), at(1)]));
    expect(known()).toEqual([null, midnight + 600]);
    store.append('a', readingOf([at(2)]));
    expect(known()).toEqual([600, midnight + 1200]);
    store.append('a', readingOf([at(-1)]));
    expect(known()).toEqual([600, midnight + 1200]);
  });

  test('its new interval after a change', () => {
    const store = openedStore('a');
    const every = (seconds: number, from: number) =>
      Array.from({ length: 40 }, (_, index) => traceAt(midnight + from + index * seconds, routeA));
    store.append('a', readingOf(every(600, 0)));
    store.append('a', readingOf(every(3600, 40 * 600)));
    expect(store.tests()[0]?.intervalSeconds).toBe(3600);
  });

  test('the interval of a daily test', () => {
    const store = openedStore('a');
    const daily = [0, 1, 2, 3, 4].map((day) => traceAt(midnight + day * 86_400, routeA));
    store.append('a', readingOf(daily));
    expect(store.tests()[0]?.intervalSeconds).toBe(86_400);
  });
});
