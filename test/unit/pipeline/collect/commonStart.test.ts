import { expect, test } from 'vitest';
import { findCommonStart } from '../../../../src/pipeline/collect/commonStart.ts';

const now = 1_795_000_000;
const hour = 3600;
const window = { from: now - 7 * 24 * hour, to: now };
const together = [1, 2, 3, 4, 5, 6].map((number) => now - 5 * hour + 100 * number);

test('tests that begin within an hour begin together', () => {
  expect(findCommonStart(together, window)).toBe(now - 5 * hour + 100);
});

test.each([
  ['few tests', together.slice(0, 4)],
  ['tests that begin one by one', together.map((at, index) => at - index * 2 * hour)],
  ['tests that were there before the window', together.map(() => window.from - hour)],
  ['tests that begin with the window', together.map(() => window.from + hour / 2)],
  ['tests that began more than a day ago', together.map((at) => at - 24 * hour)],
  ['no test', []],
])('%s do not', (_, starts) => {
  expect(findCommonStart(starts, window)).toBeNull();
});
