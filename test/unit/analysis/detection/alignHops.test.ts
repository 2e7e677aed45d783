import { expect, test } from 'vitest';
import { alignHops } from '../../../../src/analysis/detection/route/alignHops.ts';

const before = [['a'], ['b'], ['c'], ['d']];

function lines(left: readonly string[][], right: readonly string[][]): string[] {
  return alignHops(left, right).map(
    ({ mark, ttls }) => `${mark} ${ttls?.map((ttl) => ttl ?? '-').join(' ')}`,
  );
}

test('an inserted hop is one line, and the hops behind it stay the same', () => {
  expect(lines(before, [['a'], ['x'], ['b'], ['c'], ['d']])).toEqual([
    'same 1 1',
    'added - 2',
    'same 2 3',
    'same 3 4',
    'same 4 5',
  ]);
});

test('a hop that left is one line, and so is another router in its place', () => {
  expect(lines(before, [['a'], ['c'], ['d']])).toEqual([
    'same 1 1',
    'removed 2 -',
    'same 3 2',
    'same 4 3',
  ]);
  expect(lines(before, [['a'], ['x'], ['c'], ['d']])[1]).toBe('replaced 2 2');
});

test('silence matches any hop, and additional silence is no new hop', () => {
  expect(lines(before, [['a'], [], ['c'], ['d']])[1]).toBe('same 2 2');
  expect(lines([['a'], [], ['d']], [['a'], [], [], ['d']])).toContain('silent - 2');
});

test('routes without an answer, or without a hop, can be aligned', () => {
  expect(alignHops([], [])).toEqual([]);
  expect(lines([[], [], []], [['a'], ['b'], ['c']])).toEqual(['same 1 1', 'same 2 2', 'same 3 3']);
});
