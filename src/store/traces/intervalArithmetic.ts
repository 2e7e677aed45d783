import type { Interval } from '../../model/trace.ts';

/**
 * Arithmetic of what has been read of an archive. Times are whole seconds, as archives count them, and both ends of
 * an interval belong to it: [0, 9] and [10, 19] leave nothing between them.
 */

/** The union of intervals: ascending, and neither overlapping nor touching. */
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

/** The parts of `wanted` that none of `covered` (a union, ascending) holds. */
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
 * What is still to be asked of an archive: the parts of `wanted` not covered yet, and once more the last
 * `overlapSeconds` before the newest covered moment, because results arrive late. A covered moment after the end of
 * `wanted` (left by a clock that was ahead) counts as that end, else it would keep new results from being read.
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

/** The whole seconds that lie fully within an interval, or null when there is none. */
export function wholeSeconds(interval: Interval): Interval | null {
  const rounded = { from: Math.ceil(interval.from), to: Math.floor(interval.to) };
  return rounded.from <= rounded.to ? rounded : null;
}
