import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openDatabase } from '../../../src/store/db/database.ts';
import { openCoverage } from '../../../src/store/traces/coverage.ts';
import { union } from '../../../src/store/traces/intervalArithmetic.ts';
import { openTests } from '../../../src/store/traces/tests.ts';
import { listedTest } from './samples.ts';

test('coverage is the union of the read intervals, in any order', () => {
  const database = openDatabase({ path: ':memory:', check: false });
  const tests = openTests(database);
  for (const id of ['a', 'b']) tests.upsert(listedTest(id), 0);
  const covered = openCoverage(database);
  covered.add(2, { from: 30, to: 40 });
  const anyInterval = fc
    .tuple(fc.nat(60), fc.nat(15))
    .map(([from, length]) => ({ from, to: from + length }));
  fc.assert(
    fc.property(fc.array(anyInterval, { maxLength: 8 }), (intervals) => {
      database.exec('DELETE FROM coverage WHERE test = 1');
      for (const interval of intervals) covered.add(1, interval);
      expect(covered.intervalsOf(1).map(({ from, to }) => ({ from, to }))).toEqual(
        union(intervals),
      );
      expect(covered.intervalsOf(2)).toHaveLength(1);
    }),
  );
});

test('a forgotten interval is missing again, and no more than that', () => {
  const database = openDatabase({ path: ':memory:', check: false });
  const tests = openTests(database);
  for (const id of ['a', 'b']) tests.upsert(listedTest(id), 0);
  const covered = openCoverage(database);
  for (const test of [1, 2]) covered.add(test, { from: 100, to: 200 });
  covered.remove(1, { from: 120, to: 130 });
  expect(covered.intervalsOf(1)).toEqual([
    { from: 100, to: 119 },
    { from: 131, to: 200 },
  ]);
  covered.remove(1, { from: 110, to: 250 });
  expect(covered.intervalsOf(1)).toEqual([{ from: 100, to: 109 }]);
  expect(covered.intervalsOf(2)).toEqual([{ from: 100, to: 200 }]);
});
