import { expect, test } from 'vitest';
import { looksRandom } from '../../src/analysis/runsTest.ts';

test('a slight habit in many traces still looks random, two routes that hold for three traces each do not', () => {
  expect(looksRandom(144, 95, 92, -3)).toBe(true);
  expect(looksRandom(120, 120, 79, -3)).toBe(false);
});
