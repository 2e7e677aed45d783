import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Interval } from '../../../src/model/trace/trace.ts';
import {
  findMissing,
  subtract,
  union,
  wholeSeconds,
} from '../../../src/store/traces/intervalArithmetic.ts';

const interval = fc
  .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 20 }))
  .map(([from, length]): Interval => ({ from, to: from + length }));
const intervals = fc.array(interval, { maxLength: 6 });

/** The same as a set of seconds, to check the arithmetic. */
function seconds(parts: readonly Interval[]): Set<number> {
  const all = new Set<number>();
  for (const { from, to } of parts) for (let at = from; at <= to; at++) all.add(at);
  return all;
}

function isTidy(parts: readonly Interval[]): boolean {
  return parts.every(
    (part, index) => part.from <= part.to && part.from > (parts[index - 1]?.to ?? -9) + 1,
  );
}

test('a union has the same seconds in as few intervals as possible', () => {
  fc.assert(
    fc.property(intervals, (parts) => {
      const merged = union(parts);
      expect(seconds(merged)).toEqual(seconds(parts));
      expect(isTidy(merged)).toBe(true);
    }),
  );
});

test('a difference has every wanted second that is not covered', () => {
  fc.assert(
    fc.property(interval, intervals, (wanted, parts) => {
      const left = subtract(wanted, union(parts));
      expect(seconds(left)).toEqual(seconds([wanted]).difference(seconds(parts)));
      expect(isTidy(left)).toBe(true);
    }),
  );
});

test('requests lie within the wanted interval and fill every gap', () => {
  fc.assert(
    fc.property(interval, intervals, fc.integer({ min: 0, max: 30 }), (wanted, parts, overlap) => {
      const asked = findMissing(wanted, parts, overlap);
      expect(isTidy(asked)).toBe(true);
      expect(seconds(asked).isSubsetOf(seconds([wanted]))).toBe(true);
      const gaps = seconds([wanted]).difference(seconds(parts));
      expect(gaps.isSubsetOf(seconds(asked))).toBe(true);
      const again = seconds(findMissing(wanted, [...parts, ...asked], overlap));
      expect([...again].every((at) => at > wanted.to - overlap)).toBe(true);
    }),
  );
});

describe('the missing intervals are', () => {
  test('everything on the first run', () => {
    expect(findMissing({ from: 0, to: 86_400 }, [], 7200)).toEqual([{ from: 0, to: 86_400 }]);
  });

  test('new time and, because results arrive late, the last hours again', () => {
    const asked = findMissing({ from: 1800, to: 88_200 }, [{ from: 0, to: 86_400 }], 7200);
    expect(asked).toEqual([{ from: 86_400 - 7200 + 1, to: 88_200 }]);
  });

  test('new time only, without an overlap', () => {
    const asked = findMissing({ from: 1800, to: 88_200 }, [{ from: 0, to: 86_400 }], 0);
    expect(asked).toEqual([{ from: 86_401, to: 88_200 }]);
  });

  test('the rest of a longer window and the gap of a failed run', () => {
    const covered = [
      { from: 1000, to: 1999 },
      { from: 3000, to: 3999 },
    ];
    expect(findMissing({ from: 0, to: 3999 }, covered, 0)).toEqual([
      { from: 0, to: 999 },
      { from: 2000, to: 2999 },
    ]);
  });

  test('no overlap long after a gap', () => {
    const asked = findMissing({ from: 90_000, to: 99_000 }, [{ from: 0, to: 1000 }], 7200);
    expect(asked).toEqual([{ from: 90_000, to: 99_000 }]);
  });

  test('the last hours, even after a clock that was ahead', () => {
    const asked = findMissing({ from: 0, to: 10_000 }, [{ from: 0, to: 50_000 }], 7200);
    expect(asked).toEqual([{ from: 2801, to: 10_000 }]);
  });

  test('whole seconds around fractions', () => {
    expect(wholeSeconds({ from: 0.2, to: 9.9 })).toEqual({ from: 1, to: 9 });
    expect(wholeSeconds({ from: 0.2, to: 0.9 })).toBeNull();
    expect(findMissing({ from: 0.5, to: 20.5 }, [{ from: 1, to: 9 }], 0)).toEqual([
      { from: 0, to: 0 },
      { from: 10, to: 21 },
    ]);
  });
});
