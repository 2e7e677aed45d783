import { expect, test } from 'vitest';
import { overlapOf } from '../../../../src/pipeline/collect/lookBack.ts';

const day = 86_400;
const now = 20_775 * day;
const idOf = (number: number) =>
  `192.0.2.1_203.0.113.9_traceroute_${(number * 2_654_435_761).toString(16).slice(-8).padStart(12, '0')}`;

test('each test looks back a day once a day, and the tests take turns', () => {
  const tests = Array.from({ length: 200 }, (_, number) => idOf(number));
  const runs = Array.from({ length: 48 }, (_, number) => now + number * 1800);
  const counts = tests.map(
    (id) => runs.filter((to) => overlapOf(id, 7200, to - 1800, { to }) === day).length,
  );
  expect(new Set(counts)).toEqual(new Set([1]));
  const busiest = runs.map(
    (to) => tests.filter((id) => overlapOf(id, 7200, to - 1800, { to }) === day).length,
  );
  expect(Math.max(...busiest)).toBeLessThan(20);
});

test('the first run, and a longer overlap of the operator, stay as they are', () => {
  expect(overlapOf(idOf(1), 7200, null, { to: now })).toBe(7200);
  expect(overlapOf(idOf(1), 3 * day, now - 2 * day, { to: now })).toBe(3 * day);
  expect(overlapOf('a test of another kind', 7200, now - 2 * day, { to: now })).toBe(7200);
});
