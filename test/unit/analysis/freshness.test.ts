import { expect, test } from 'vitest';
import { failuresSince, intervalOf } from '../../../src/analysis/window/freshness.ts';
import { staleReason } from '../../../src/analysis/window/stateReason.ts';
import { sampleTest } from './scenario.ts';

test('the interval is the one of the test, else twice the common quarter of an hour and a minute', () => {
  expect(intervalOf(sampleTest({ intervalSeconds: 300 }))).toBe(300);
  expect(intervalOf(sampleTest({ intervalSeconds: null }))).toBe(1860);
});

test('failures count when they came after the last trace, in order', () => {
  const failures = [900, 300, 1200].map((at) => ({ at, error: 'no reason given' }) as const);
  expect(failuresSince(failures, 600).map(({ at }) => at)).toEqual([900, 1200]);
  expect(failuresSince(failures, null).map(({ at }) => at)).toEqual([300, 900, 1200]);
  expect(failuresSince(failures, 1200)).toEqual([]);
});

test('an interval that no results show is called assumed', () => {
  expect(staleReason(600, false)).toMatch(/2\.5 times the usual interval of 10 min\.$/);
  expect(staleReason(1860, true)).toMatch(/2\.5 times an assumed interval of 31 min; .* not known/);
});
