import { expect, it } from 'vitest';
import { asDifferences } from '../../../../src/report/route/asDifference.ts';
import { cell, end, mesh } from '../../../helpers/mesh.ts';

const [a, b] = [end('a', 1), end('b', 2)];
const [a6, b6] = [end('a', 1, 6), end('b', 2, 6)];

function found(...cells: ReturnType<typeof cell>[]): number[] {
  return [...asDifferences(mesh([a, a6, b, b6], cells)).values()];
}

it('marks both cells of a pair whose IPv4 and IPv6 AS paths differ', () => {
  const [v4, v6] = [cell(a, b, { asPath: [1, 2] }), cell(a6, b6, { asPath: [1, 3, 2] })];
  expect(found(v4, v6)).toEqual([1, 1]);
  expect(found(v4, { ...v6, asPath: [1, 2] })).toEqual([0, 0]);
});

it('compares the reversed AS path of the reverse direction', () => {
  const there = cell(a, b, { asPath: [1, 2, 3] });
  expect(found(there, cell(b, a, { asPath: [3, 2, 1] }))).toEqual([0, 0]);
  expect(found(there, cell(b, a, { asPath: [1, 2, 3] }))).toEqual([2, 2]);
});

it('an unknown AS path, or one that ends early, differs from none', () => {
  const there = cell(a, b, { asPath: [1, 2, 3] });
  expect(found(there, cell(b, a, { asPath: [3, 2], reached: false }))).toEqual([0, 0]);
  expect(found(there, cell(b, a, { asPath: [] }))).toEqual([0, 0]);
});
