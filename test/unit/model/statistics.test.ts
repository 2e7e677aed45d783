import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  binomialTail,
  describeDistribution,
  estimatedChance,
  hodgesLehmann,
  interpolatedQuantile,
  lowerMedian,
  lowerQuantile,
  median,
  nearestRankQuantile,
  sortAscending,
  upperMedian,
} from '../../../src/model/values/statistics.ts';

/** Quartiles worked out by hand: an odd count leaves the median out of both halves. */
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

/** The same without regard to speed: sort the numbers, cut the list in two. */
function naive(values: readonly number[]): { q1: number; median: number; q3: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const center = (list: readonly number[]): number => {
    const half = list.length / 2;
    if (list.length % 2 === 1) return list[Math.floor(half)] as number;
    return ((list[half - 1] as number) + (list[half] as number)) / 2;
  };
  const lower = sorted.slice(0, Math.floor(sorted.length / 2));
  const upper = sorted.slice(Math.ceil(sorted.length / 2));
  return { q1: center(lower), median: center(sorted), q3: center(upper) };
}

const samples = fc.array(fc.integer({ min: 0, max: 500_000 }), { minLength: 2, maxLength: 60 });

describe('quartiles', () => {
  test.each(byHand)('Tukey hinges without the median of %j', (values, q1, middle, q3) => {
    const found = describeDistribution(sortAscending(values));
    expect(found).toMatchObject({ q1, median: middle, q3 });
  });

  test('agree with an independent calculation for samples of any size', () => {
    fc.assert(
      fc.property(samples, (values) => {
        expect(describeDistribution(sortAscending(values))).toMatchObject(naive(values));
        expect(median(values)).toBe(naive(values).median);
      }),
    );
  });

  test('the standard deviation is that of a sample', () => {
    const stdevOf = (values: number[]) => describeDistribution(sortAscending(values))?.stdev;
    expect(stdevOf([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(2.13809, 5);
    expect(stdevOf([3, 3, 3])).toBe(0);
    expect(stdevOf([3])).toBeNull();
  });

  test('an empty sample has none', () => {
    expect(describeDistribution(new Float64Array())).toBeNull();
    expect(median([])).toBeNull();
    expect(lowerMedian([])).toBeNull();
    expect(upperMedian([])).toBeNull();
    expect(nearestRankQuantile([], 0.8)).toBeNull();
  });
});

describe('medians and quantiles', () => {
  test('the lower and the upper median are values of the sample around the median', () => {
    expect([lowerMedian, median, upperMedian].map((of) => of([9, 1, 4, 2]))).toEqual([2, 3, 4]);
    expect([lowerMedian, median, upperMedian].map((of) => of([9, 1, 4]))).toEqual([4, 4, 4]);
  });

  test('the three kinds of quantile differ between two values', () => {
    const sorted = sortAscending([50, 40, 30, 20, 10]);
    expect(interpolatedQuantile(sorted, 0.9)).toBeCloseTo(46);
    expect(lowerQuantile(sorted, 0.9)).toBe(40);
    expect(nearestRankQuantile(sorted, 0.9)).toBe(50);
    expect(nearestRankQuantile(sorted, 0.8)).toBe(40);
  });

  test('the values of the caller stay in their order', () => {
    const values = [3, 1, 2];
    expect(median(values)).toBe(2);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('the shift between two samples', () => {
  test('is the median of all differences, with an exact interval', () => {
    const shift = hodgesLehmann([10, 11, 12, 13, 14, 15], [30, 31, 32, 33, 34, 35]);
    expect(shift).toEqual({ estimate: 20, low: 18, high: 22 });
  });

  // Critical values of the two-sided Mann-Whitney test at 5 %, from the usual table.
  test.each([
    [4, 4, 0],
    [5, 5, 2],
    [8, 8, 13],
    [12, 6, 14],
    [20, 20, 127],
  ])('samples of %i and %i leave out the tabulated ranks', (m, n, critical) => {
    const before = Array.from({ length: m }, (_, index) => -1000 * index);
    const after = Array.from({ length: n }, (_, index) => index);
    const differences = sortAscending(before.flatMap((b) => after.map((a) => a - b)));
    expect(hodgesLehmann(before, after)?.low).toBe(differences[critical + 1]);
  });

  test('too few values give the widest interval they allow, and no value none', () => {
    expect(hodgesLehmann([1, 2], [11, 13])).toEqual({ estimate: 10.5, low: 9, high: 12 });
    expect(hodgesLehmann([], [1])).toBeNull();
    expect(hodgesLehmann([1], [])).toBeNull();
  });
});

describe('chances', () => {
  test('the tail of the binomial distribution', () => {
    expect(binomialTail(1, 2, 0.5)).toBeCloseTo(0.75, 12);
    expect(binomialTail(4, 18, 0.01)).toBeCloseTo(2.7352e-5, 9);
    expect(binomialTail(0, 5, 0)).toBe(1);
    expect(binomialTail(1, 5, 0)).toBe(0);
    expect(binomialTail(5, 5, 1)).toBe(1);
  });

  test('an estimated chance is never 0 and never 1', () => {
    expect(estimatedChance(0, 9)).toBe(0.05);
    expect(estimatedChance(9, 9)).toBe(0.95);
  });
});
