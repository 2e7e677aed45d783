import { expect, test } from 'vitest';
import { failuresSince, intervalOf } from '../../../src/analysis/window/freshness.ts';
import { stepsFrom } from './dailyTimelineSamples.ts';
import { sampleTest } from './scenario.ts';

const starts = (...times: number[]) => stepsFrom(times.map((at) => ({ at })));
const unknown = sampleTest({ intervalSeconds: null });

test('the interval is the one of the test, else the median spacing of its traces', () => {
  expect(intervalOf(sampleTest({ intervalSeconds: 300 }), starts(0, 900, 1800))).toBe(300);
  expect(intervalOf(unknown, starts(0, 900, 1800, 9000))).toBe(900);
});

test('two traces tell no interval: twice the common quarter of an hour and a minute', () => {
  expect(intervalOf(unknown, starts(0, 900))).toBe(1860);
  expect(intervalOf(unknown, [])).toBe(1860);
});

test('failures count when they came after the last trace, in order', () => {
  const failures = [900, 300, 1200].map((at) => ({ at, error: `at ${at}` }));
  expect(failuresSince(failures, 600).map(({ at }) => at)).toEqual([900, 1200]);
  expect(failuresSince(failures, null).map(({ at }) => at)).toEqual([300, 900, 1200]);
  expect(failuresSince(failures, 1200)).toEqual([]);
});
