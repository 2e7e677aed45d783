import { expect, test } from 'vitest';
import { parseTimestamp } from '../../../src/lib/timestamp.ts';

const noon = Date.UTC(2026, 2, 1, 12) / 1000;

test.each([
  ['1772366400', noon],
  ['2026-03-01T12:00Z', noon],
  ['2026-03-01T12:00:00.000Z', noon],
  ['2026-03-01T13:00+01:00', noon],
  ['2026-03-01T07:30-0430', noon],
  ['20260301T120000Z', noon],
  ['2026-03-01', noon - 43_200],
  ['0', 0],
])('%s', (text, seconds) => {
  expect(parseTimestamp(text)).toBe(seconds);
});

test("a time without a zone is UTC, regardless of the host's zone", () => {
  expect(parseTimestamp('2026-03-01T12:00')).toBe(noon);
  expect(parseTimestamp('2026-03-01 12:00:00')).toBe(noon);
});

test.each([
  '',
  'yesterday',
  '2026-02-30',
  '2026-03-01T25:00',
  '-60',
  '12:00',
  '1e9',
  '177236640000',
  '1969-12-31T23:59Z',
  '+010000-01-01',
])('%j is not a time', (text) => {
  expect(parseTimestamp(text)).toBeNull();
});
