import { expect, test } from 'vitest';
import { parseDuration } from '../../../src/lib/duration.ts';

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
  ['36525d', 3_155_760_000],
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
  '36526d',
  '99999999999d',
  1e300,
  null,
  true,
])('%j is not a duration', (value) => {
  expect(parseDuration(value)).toBeNull();
});
