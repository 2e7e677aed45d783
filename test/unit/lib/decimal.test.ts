import { expect, test } from 'vitest';
import { roundDecimals } from '../../../src/lib/roundDecimals.ts';

test('rounding removes the noise of binary fractions and keeps the resolution of the tools', () => {
  expect(roundDecimals(0.1 + 0.2 + 0.017)).toBe(0.317);
  expect(String(roundDecimals(25.700000000000003))).toBe('25.7');
  expect(roundDecimals(0.031)).toBe(0.031);
  expect(roundDecimals(-12.34567)).toBe(-12.346);
  expect(roundDecimals(0.123456789, 5)).toBe(0.12346);
  expect(roundDecimals(null)).toBeNull();
});
