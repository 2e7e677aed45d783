import { describe, expect, it } from 'vitest';
import type { RoutePeriod } from '../../../../src/model/site/analysis.ts';
import { historySegments } from '../../../../src/report/history/alternation.ts';

/** `A12 B1 A3!`: a period per word, its traces, `!` for an outage. */
function periods(text: string): RoutePeriod[] {
  return text.split(' ').map((word, index) => ({
    from: index * 600,
    to: index * 600,
    traces: Number(word.replaceAll(/\D/g, '')),
    variant: word.charAt(0),
    reached: !word.endsWith('!'),
    route: [],
    asPath: [],
  }));
}

/** Entries as `A`, or `A+B x7` for seven alternating periods. */
function shown(text: string): string[] {
  const list = periods(text);
  return historySegments(list).map(({ first, last, variants }) =>
    variants.length === 0
      ? String(list[first]?.variant)
      : `${variants.map(({ letter }) => letter).join('+')} x${last - first + 1}`,
  );
}

describe('a readable history', () => {
  it('two alternating routes are one entry', () => {
    expect(shown('A1 B2 A1 B1 A2 B1 A1')).toEqual(['A+B x7']);
  });

  it('a reroute and the return are entries of their own', () => {
    expect(shown('A100 B40 A60')).toEqual(['A', 'B', 'A']);
  });

  it('the long period before flapping is not part of it', () => {
    expect(shown('A430 B1 A2 B1 A1 B2 A1 B1')).toEqual(['A', 'B+A x7']);
  });

  it('an occasionally interrupted main route is one entry', () => {
    expect(shown('A20 B1 A18 B1 A25 B1 A19')).toEqual(['A+B x7']);
  });

  it('a route seen once is an entry of its own between two segments', () => {
    expect(shown('A1 B1 A1 B1 A1 B1 C3 A1 B1 A1 B1 A1 B1')).toEqual(['A+B x6', 'C', 'A+B x6']);
  });

  it('a recurring outage on one route is one entry', () => {
    expect(shown('A3 A2! A3 A1! A2 A2! A3')).toEqual(['A x7']);
  });

  it('every period is in exactly one entry, in order', () => {
    const list = periods('A9 B1 A1 B1 C2 A1 B1 A1 B1 A1 B30 D1 D1! D1 E4');
    const covered = historySegments(list).flatMap(({ first, last }) =>
      Array.from({ length: last - first + 1 }, (_, index) => first + index),
    );
    expect(covered).toEqual(list.map((_, index) => index));
  });

  it('without periods there are no entries', () => {
    expect(historySegments([])).toEqual([]);
  });
});
