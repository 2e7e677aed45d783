import { expect, test } from 'vitest';
import { compareEndpoints } from '../../../src/analysis/ordering.ts';

test('numbers in names are in the order of their values', () => {
  const names = ['h10', 'h2', 'H1', '10.0.0.10', '10.0.0.9', 'h100', 'h1-eth2', 'a'];
  const ends = names.map((name) => ({ name, address: null }));
  expect(ends.sort(compareEndpoints).map(({ name }) => name)).toEqual([
    ...['10.0.0.9', '10.0.0.10', 'a', 'H1', 'h1-eth2', 'h2', 'h10', 'h100'],
  ]);
});
