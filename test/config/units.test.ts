import { describe, expect, test } from 'vitest';
import { parseDuration, parseSize } from '../../src/config/units.ts';

describe('parseDuration', () => {
  test.each([
    [3600, 3600],
    ['3600', 3600],
    ['90s', 90],
    ['90m', 5400],
    ['24h', 86_400],
    ['7d', 604_800],
    ['2w', 1_209_600],
    [' 1.5h ', 5400],
    ['10 m', 600],
    [0, 0],
  ])('%j is %d seconds', (value, seconds) => {
    expect(parseDuration(value)).toBe(seconds);
  });

  test.each([
    '',
    'h',
    '24 hours',
    '24H',
    '-1h',
    '1h30m',
    'ma.example.org',
    '1e3',
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
    null,
    new Date(0),
  ])('%j is no duration', (value) => {
    expect(parseDuration(value)).toBeNull();
  });
});

describe('parseSize', () => {
  test.each([
    [1000, 1000],
    ['1000', 1000],
    ['64MB', 64_000_000],
    ['64 MiB', 67_108_864],
    ['5kB', 5000],
    ['2GB', 2_000_000_000],
    ['7B', 7],
  ])('%j is %d bytes', (value, bytes) => {
    expect(parseSize(value)).toBe(bytes);
  });

  test.each(['', 'MB', '64mb', '64Mb', '1.5MB', '-1MB', '0MB', 0, -1, 1.5, true, null])(
    '%j is no size',
    (value) => {
      expect(parseSize(value)).toBeNull();
    },
  );
});
