import type { Interval } from '../../model/trace/trace.ts';

/**
 * Arithmetic of the intervals that have been read from an archive. Times are whole seconds, as in
 * archives. Both ends belong to an interval: [0, 9] and [10, 19] leave no gap.
 */

/** The union of intervals: ascending, without overlaps, and with a gap between any two. */
export function union(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const next of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && next.from <= last.to + 1) {
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, next.to) };
    } else merged.push(next);
  }
  return merged;
}

/** The parts of `wanted` outside `covered`, which is an ascending union. */
export function subtract(wanted: Interval, covered: readonly Interval[]): Interval[] {
  const gaps: Interval[] = [];
  let from = wanted.from;
  for (const part of covered) {
    if (part.to < from || part.from > wanted.to) continue;
    if (part.from > from) gaps.push({ from, to: part.from - 1 });
    from = part.to + 1;
  }
  if (from <= wanted.to) gaps.push({ from, to: wanted.to });
  return gaps;
}

/**
 * The intervals to request from an archive: the parts of `wanted` that are not covered, and again
 * the last `overlapSeconds` before the newest covered moment, because results arrive late. A
 * covered moment after the end of `wanted` comes from a clock that was ahead. It counts as that
 * end, or new results would never be requested.
 */
export function findMissing(
  wanted: Interval,
  covered: readonly Interval[],
  overlapSeconds: number,
): Interval[] {
  const rounded = { from: Math.floor(wanted.from), to: Math.ceil(wanted.to) };
  const known = union(covered);
  const newest = known.findLast((part) => part.from <= rounded.to);
  if (newest === undefined) return subtract(rounded, known);
  const end = Math.min(newest.to, rounded.to);
  const overlap = { from: Math.max(rounded.from, end - overlapSeconds + 1), to: end };
  return union([...subtract(rounded, known), ...(overlap.from <= overlap.to ? [overlap] : [])]);
}

/** The whole seconds within an interval; null if there are none. */
export function wholeSeconds(interval: Interval): Interval | null {
  const rounded = { from: Math.ceil(interval.from), to: Math.floor(interval.to) };
  return rounded.from <= rounded.to ? rounded : null;
}
