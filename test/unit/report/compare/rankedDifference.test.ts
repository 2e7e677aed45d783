import { expect, it } from 'vitest';
import { rankedDifference } from '../../../../src/report/compare/rankedDifference.ts';

/** Random but repeatable values, ascending; few steps give many that are equal. */
function sample(length: number, steps: number, seed: number): number[] {
  let state = seed;
  const values = Array.from({ length }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return 20 + (((state >> 8) % steps) * 7.3) / steps;
  });
  return values.sort((a, b) => a - b);
}

it.each([
  [1, 1, 5],
  [1, 9, 1000],
  [9, 1, 1000],
  [12, 7, 1000],
  [8, 13, 3],
  [6, 6, 1],
])('is what sorting the differences of %i and %i values gives, at every rank', (m, n, steps) => {
  const [left, right] = [sample(m, steps, 1), sample(n, steps, 2)];
  const all = left.flatMap((a) => right.map((b) => b - a)).sort((a, b) => a - b);
  expect(Array.from(all, (_, rank) => rankedDifference(left, right, rank))).toEqual(all);
});
