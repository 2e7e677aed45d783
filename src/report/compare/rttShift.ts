import { rankedDifference } from './rankedDifference.ts';

/** How far one sample of round-trip times lies from another, ms, with a 95 % confidence interval. */
export interface RttShift {
  /** Hodges-Lehmann: the median of all differences, right minus left. */
  readonly shiftMs: number;
  readonly lowMs: number;
  readonly highMs: number;
}

/** Fewer samples on a side tell no interval. */
const minSamples = 5;
/** Quantile of the normal distribution for 95 %. */
const normalQuantile = 1.96;

/** Shift from `left` to `right`, both ascending, ms; null with fewer than 5 values on a side. */
export function rttShift(left: readonly number[], right: readonly number[]): RttShift | null {
  const [m, n] = [left.length, right.length];
  if (m < minSamples || n < minSamples) return null;
  const at = (rank: number) => rankedDifference(left, right, rank);
  const last = m * n - 1;
  // Moses: the interval is cut off the sorted differences by the spread of the rank sum.
  const cut = Math.max(
    0,
    Math.floor((m * n) / 2 - normalQuantile * Math.sqrt((m * n * (m + n + 1)) / 12)),
  );
  return {
    shiftMs: (at(Math.floor(last / 2)) + at(Math.ceil(last / 2))) / 2,
    lowMs: at(cut),
    highMs: at(last - cut),
  };
}
