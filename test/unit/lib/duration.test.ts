import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../../src/lib/duration.ts';

test.each([
  [3600, 3600],
  ['3600', 3600],
  ['500ms', 0.5],
  ['1.5s', 1.5],
  [' 90 m ', 5400],
  ['24h', 86_400],
  ['7d', 604_800],
  ['2w', 1_209_600],
  [0, 0],
])('%j is %d seconds', (value, seconds) => {
  expect(parseDuration(value)).toBe(seconds);
});

test.each([
  -1,
  Number.NaN,
  Infinity,
  '',
  'ms',
  '-1s',
  '1y',
  '1 s s',
  '24H',
  '24 hours',
  '1h30m',
  '1e3',
  null,
  true,
])('%j is no duration', (value) => {
  expect(parseDuration(value)).toBeNull();
});

test('a span is told in two units at most, a day being 24 h', () => {
  expect([0, 59.4, 60, 597, 3599, 12000, 86400, 172790, 187200].map(formatDuration)).toEqual([
    '0 s',
    '59 s',
    '1 min',
    '10 min',
    '1 h',
    '3 h 20 min',
    '24 h',
    '2 d',
    '2 d 4 h',
  ]);
});
