import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeDistribution, medianOf } from '../../../src/analysis/statistics.ts';

/** Quartiles worked out by hand: the median is left out of both halves when the count is odd. */
const byHand: [values: number[], q1: number, median: number, q3: number][] = [
  [[7], 7, 7, 7],
  [[1, 3], 1, 2, 3],
  [[1, 3, 8], 1, 3, 8],
  [[1, 3, 8, 9], 2, 5.5, 8.5],
  [[1, 3, 8, 9, 20], 2, 8, 14.5],
  [[1, 3, 8, 9, 20, 21], 3, 8.5, 20],
  [[1, 3, 8, 9, 20, 21, 30], 3, 9, 21],
  [[1, 3, 8, 9, 20, 21, 30, 40], 5.5, 14.5, 25.5],
  [[1, 3, 8, 9, 20, 21, 30, 40, 50], 5.5, 20, 35],
];

/** The same without an eye on speed: sort numbers, cut the list in two. */
function naive(values: readonly number[]): { q1: number; median: number; q3: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const centre = (list: readonly number[]): number => {
    const half = list.length / 2;
    if (list.length % 2 === 1) return list[Math.floor(half)] as number;
    return ((list[half - 1] as number) + (list[half] as number)) / 2;
  };
  const lower = sorted.slice(0, Math.floor(sorted.length / 2));
  const upper = sorted.slice(Math.ceil(sorted.length / 2));
  return { q1: centre(lower), median: centre(sorted), q3: centre(upper) };
}

describe('quartiles', () => {
  test.each(byHand)('Tukey hinges without the median of %j', (values, q1, median, q3) => {
    expect(describeDistribution(values)).toMatchObject({ q1, median, q3 });
  });

  test('agree with an independent calculation for samples of any size', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 0, max: 500, noNaN: true }), { minLength: 2, maxLength: 60 }),
        (values) => {
          const sorted = values.toSorted((a, b) => a - b);
          expect(describeDistribution(sorted)).toMatchObject(naive(values));
          expect(medianOf(values)).toBe(naive(values).median);
        },
      ),
    );
  });

  test('the standard deviation is that of a sample', () => {
    expect(describeDistribution([2, 4, 4, 4, 5, 5, 7, 9])?.stdev).toBeCloseTo(2.13809, 5);
    expect(describeDistribution([3, 3, 3])?.stdev).toBe(0);
    expect(describeDistribution([3])?.stdev).toBeNull();
  });

  test('nothing is known of no sample', () => {
    expect(describeDistribution([])).toBeNull();
    expect(medianOf([])).toBeNull();
  });
});
