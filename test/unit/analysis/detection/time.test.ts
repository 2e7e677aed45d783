import { expect, test } from 'vitest';
import { alignmentCost, alignRoutes } from '../../../../src/analysis/alignment.ts';
import { createDetectionState, stepDetection } from '../../../../src/analysis/detection/step.ts';
import {
  createTestActivityState,
  detectActivityChanges,
  type WatchedTest,
} from '../../../../src/analysis/detection/testActivity.ts';
import { hodgesLehmann } from '../../../../src/model/statistics.ts';
import type { Trace } from '../../../../src/model/trace.ts';

const route: Trace['route'] = {
  hops: [{ ttl: 1, addresses: ['203.0.113.1'], mtu: null, error: null }],
  reached: true,
  pathMtu: null,
};

function stateAfter(times: readonly number[]): ReturnType<typeof createDetectionState> {
  let state = createDetectionState('test', '203.0.113.1');
  for (const startedAt of times) {
    state = stepDetection(state, { startedAt, route, rttMs: [1], probes: null }, new Map()).state;
  }
  return state;
}

test('late results are history and are not counted', () => {
  expect(stateAfter([6000, 6600, 6000, 3000, 7200]).traces).toBe(3);
});

test('a clock that is set back does not stop the detection for ever', () => {
  const back = [1, 2, 3, 4, 5, 6, 7].map((n) => 50_000 + 600 * n);
  expect(stateAfter([99_400, 100_000, ...back]).newestAt).toBe(54_200);
});

test('a hop inserted in front costs one step and not the whole route', () => {
  const before = [['a'], ['b'], ['c'], ['d']];
  expect(alignmentCost(before, [['a'], ['x'], ['b'], ['c'], ['d']])).toBe(1);
  expect(alignmentCost(before, [['a'], [], ['c'], ['d']])).toBe(0);
  expect(alignRoutes(before, [['a'], ['x'], ['b'], ['c'], ['d']]).map(({ mark }) => mark)).toEqual([
    'same',
    'added',
    'same',
    'same',
    'same',
  ]);
});

test('routes without an answer, or without a hop, are aligned too', () => {
  expect(alignRoutes([], [])).toEqual([]);
  expect(alignmentCost([[], [], []], [['a'], ['b'], ['c']])).toBe(0);
});

test('the shift of two samples comes with an exact interval', () => {
  const before = [10, 11, 12, 13, 14, 15];
  const shift = hodgesLehmann(before, [30, 31, 32, 33, 34, 35]);
  expect(shift?.estimate).toBe(20);
  expect(shift?.low).toBeGreaterThan(15);
  expect(hodgesLehmann(before, [])).toBeNull();
});

function watched(testId: string, source: string, newestAt: number): WatchedTest {
  return { testId, source, archive: 'ma', firstAt: 0, newestAt, intervalSeconds: 600 };
}

test('all tests of a host that fall silent are one host that fell silent', () => {
  const state = createTestActivityState();
  const early = [watched('a', 's1', 100), watched('b', 's1', 100), watched('c', 's2', 100)];
  expect(detectActivityChanges(state, early, 200)).toEqual([]);
  const later = [watched('a', 's1', 100), watched('b', 's1', 100), watched('c', 's2', 50_000)];
  const told = detectActivityChanges(state, later, 50_100);
  expect(told.map(({ change, scope }) => [change.testId, change.class, scope])).toEqual([
    ['a', 'vanished', 'source'],
    ['b', 'vanished', 'source'],
  ]);
  expect(detectActivityChanges(state, later, 50_200)).toEqual([]);
});
