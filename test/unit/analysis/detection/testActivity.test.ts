import { expect, test } from 'vitest';
import { createDetectionState, stepDetection } from '../../../../src/analysis/detection/step.ts';
import {
  createTestActivityState,
  detectActivityChanges,
  type WatchedTest,
} from '../../../../src/analysis/detection/testActivity.ts';
import type { Trace } from '../../../../src/model/trace/trace.ts';

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

test('late results are history and do not count', () => {
  expect(stateAfter([6000, 6600, 6000, 3000, 7200]).traces).toBe(3);
});

test('a clock that is set back does not stop the detection for good', () => {
  const back = [1, 2, 3, 4, 5, 6, 7].map((n) => 50_000 + 600 * n);
  expect(stateAfter([99_400, 100_000, ...back]).newestAt).toBe(54_200);
});

function watched(testId: string, source: string, newestAt: number): WatchedTest {
  return { testId, source, archive: 'ma', firstAt: 0, newestAt, intervalSeconds: 600 };
}

test('when all tests of a host fall silent, the silent group is the host', () => {
  const state = createTestActivityState();
  const early = [watched('a', 's1', 100), watched('b', 's1', 100), watched('c', 's2', 100)];
  expect(detectActivityChanges(state, early, 200)).toEqual([]);
  const later = [watched('a', 's1', 100), watched('b', 's1', 100), watched('c', 's2', 50_000)];
  const findings = detectActivityChanges(state, later, 50_100);
  expect(findings.map(({ change, scope }) => [change.testId, change.class, scope])).toEqual([
    ['a', 'vanished', 'source'],
    ['b', 'vanished', 'source'],
  ]);
  expect(detectActivityChanges(state, later, 50_200)).toEqual([]);
});
