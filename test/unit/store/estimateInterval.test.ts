import { expect, test } from 'vitest';
import { estimateIntervalSeconds } from '../../../src/store/traces/estimateInterval.ts';

const regular = Array.from({ length: 30 }, (_, index) => 1_795_200_000 + index * 600);

test('the interval of a regular test is its distance of starts', () => {
  expect(estimateIntervalSeconds(regular)).toBe(600);
});

test('jitter, a gap of a night and a burst of reruns do not change the interval', () => {
  const jittered = regular.map((at, index) => at + (index % 3) - 1);
  expect(Math.abs((estimateIntervalSeconds(jittered) ?? 0) - 600)).toBeLessThanOrEqual(1);
  const night = regular.map((at, index) => (index < 15 ? at : at + 30_000));
  expect(estimateIntervalSeconds(night)).toBe(600);
  const burst = [...regular, 1, 2, 3, 4].map((at) => (at < 9 ? 1_795_203_000 + at * 5 : at));
  expect(estimateIntervalSeconds(burst.sort((a, b) => a - b))).toBe(600);
});

test('an interval needs three traces', () => {
  expect(estimateIntervalSeconds([])).toBeNull();
  expect(estimateIntervalSeconds([100, 700])).toBeNull();
  expect(estimateIntervalSeconds([100, 700, 1400])).toBe(650);
});

test('an interval is at least a second', () => {
  expect(estimateIntervalSeconds([1, 1.2, 1.4])).toBe(1);
});
