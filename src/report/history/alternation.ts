import type { RoutePeriod } from '../../model/site/analysis.ts';
import { lowerMedian } from '../../model/values/statistics.ts';

/** The part of one variant in a segment of alternating routes. */
interface AlternatingVariant {
  readonly letter: string;
  readonly periods: number;
  readonly traces: number;
}

/**
 * One entry of a history: a single route period (`first` equals `last`, no `variants`), or a
 * segment in which a few routes alternate (load sharing, flapping). `first` and `last` are indexes
 * into the periods, inclusive.
 */
export interface HistorySegment {
  readonly first: number;
  readonly last: number;
  /** Sorted by number of traces, descending; empty for a single period. */
  readonly variants: readonly AlternatingVariant[];
}

/** Shorter segments are easier to read period by period. */
const minPeriods = 6;
/** A period this many times as long as the median of its condition becomes an entry of its own. */
const longStayFactor = 4;
const longStayTraces = 12;

/** Route and reachability: an outage may have the same variant, but is another condition. */
function condition({ variant, reached }: RoutePeriod): string {
  return reached ? variant : `${variant} unreached`;
}

/** For each period, whether its condition recurs within `maxDistance` periods before or after. */
function markRecurring(periods: readonly RoutePeriod[], maxDistance: number): boolean[] {
  const flags: boolean[] = Array(periods.length).fill(false);
  const lastIndex = new Map<string, number>();
  periods.forEach((period, index) => {
    const own = condition(period);
    const before = lastIndex.get(own);
    if (before !== undefined && index - before <= maxDistance) {
      flags[before] = true;
      flags[index] = true;
    }
    lastIndex.set(own, index);
  });
  return flags;
}

/** Lower median of the period lengths of each condition, in traces. */
function medianStays(periods: readonly RoutePeriod[]): Map<string, number> {
  const stays = Map.groupBy(periods, condition);
  return new Map(
    Array.from(stays, ([name, own]) => {
      const traces = own.map((period) => period.traces);
      return [name, lowerMedian(traces) as number] as const;
    }),
  );
}

function alternatingVariants(periods: readonly RoutePeriod[]): AlternatingVariant[] {
  return Array.from(
    Map.groupBy(periods, (period) => period.variant),
    ([letter, own]) => ({
      letter,
      periods: own.length,
      traces: own.reduce((sum, period) => sum + period.traces, 0),
    }),
  ).sort((a, b) => b.traces - a.traces);
}

/** Splits recurring periods at long ones; pieces that are too short become single periods. */
function splitStretch(
  periods: readonly RoutePeriod[],
  first: number,
  last: number,
): HistorySegment[] {
  const stretch = periods.slice(first, last + 1);
  const medianByCondition = medianStays(stretch);
  const segments: HistorySegment[] = [];
  let segmentStart = first;
  const closeSegment = (end: number): void => {
    if (end - segmentStart + 1 >= minPeriods) {
      const variants = alternatingVariants(periods.slice(segmentStart, end + 1));
      segments.push({ first: segmentStart, last: end, variants });
    } else {
      for (let i = segmentStart; i <= end; i++) segments.push({ first: i, last: i, variants: [] });
    }
  };
  stretch.forEach((period, offset) => {
    const index = first + offset;
    const longest = longStayFactor * (medianByCondition.get(condition(period)) ?? 0);
    if (period.traces < longStayTraces || period.traces <= longest) return;
    closeSegment(index - 1);
    segments.push({ first: index, last: index, variants: [] });
    segmentStart = index + 1;
  });
  closeSegment(last);
  return segments;
}

/**
 * Groups the periods, oldest first, into entries of a readable history: A B A B becomes one entry.
 */
export function historySegments(periods: readonly RoutePeriod[]): HistorySegment[] {
  const conditions = new Set(periods.map(condition)).size;
  const flags = markRecurring(periods, Math.min(40, Math.max(4, 2 * conditions)));
  const segments: HistorySegment[] = [];
  let start = 0;
  while (start < periods.length) {
    let end = start;
    while (end + 1 < periods.length && flags[end + 1] === flags[start]) end += 1;
    if (flags[start]) segments.push(...splitStretch(periods, start, end));
    else for (let i = start; i <= end; i++) segments.push({ first: i, last: i, variants: [] });
    start = end + 1;
  }
  return segments;
}
