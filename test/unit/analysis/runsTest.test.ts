import { expect, test } from 'vitest';
import { isRandomOrder } from '../../../src/analysis/runsTest.ts';

test('a slight habit in many traces still looks random, two routes that hold for three traces each do not', () => {
  expect(isRandomOrder(144, 95, 92, -3)).toBe(true);
  expect(isRandomOrder(120, 120, 79, -3)).toBe(false);
});
