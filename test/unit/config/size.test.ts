import { describe, expect, test } from 'vitest';
import { parseSize } from '../../../src/config/size.ts';

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
