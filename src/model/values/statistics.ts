import { quantileSorted } from 'd3-array';

/** Order statistics of a sample, in its unit. */
export interface Distribution {
  readonly min: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly max: number;
  /** Sample standard deviation; null below 2 values. */
  readonly stdev: number | null;
}

/**
 * Describes ascending values; null for none. The quartiles are Tukey hinges without the median: the
 * medians of the lower and the upper half, where an odd count leaves the middle value out of both.
 * A single value is its own quartiles.
 */
export function describeDistribution(sorted: Float64Array): Distribution | null {
  const { length } = sorted;
  if (length === 0) return null;
  const half = Math.max(1, length >> 1);
  return {
    min: sorted[0] as number,
    q1: interpolatedQuantile(sorted.subarray(0, half), 0.5),
    median: interpolatedQuantile(sorted, 0.5),
    q3: interpolatedQuantile(sorted.subarray(length - half), 0.5),
    max: sorted[length - 1] as number,
    stdev: standardDeviation(sorted),
  };
}

/** As `deviation` of d3-array, in a fourteenth of its time: each hop of each test needs one. */
function standardDeviation(values: Float64Array): number | null {
  const { length } = values;
  if (length < 2) return null;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (length - 1));
}

/** Up to so many values are sorted faster by insertion than by a call of the built-in sort. */
const fewValues = 32;

/** The values in ascending order, as an array of their own. */
export function sortAscending(values: ArrayLike<number>): Float64Array {
  const sorted = new Float64Array(values);
  if (sorted.length > fewValues) return sorted.sort();
  for (let next = 1; next < sorted.length; next++) {
    const value = sorted[next] as number;
    let place = next;
    for (; place > 0 && (sorted[place - 1] as number) > value; place--)
      sorted[place] = sorted[place - 1] as number;
    sorted[place] = value;
  }
  return sorted;
}

/**
 * Median of unsorted values: the mean of the two middle ones if their number is even; null for
 * none.
 */
export function median(values: ArrayLike<number>): number | null {
  return values.length === 0 ? null : interpolatedQuantile(sortAscending(values), 0.5);
}

/**
 * The lower of the two middle values if the number of values is even, so that it occurred; null for
 * none.
 */
export function lowerMedian(values: ArrayLike<number>): number | null {
  return values.length === 0 ? null : lowerQuantile(sortAscending(values), 0.5);
}

/**
 * The upper of the two middle values if the number of values is even, so that it occurred; null for
 * none.
 */
export function upperMedian(values: ArrayLike<number>): number | null {
  return sortAscending(values)[values.length >> 1] ?? null;
}

/** Quantile of ascending values, not empty, interpolated between neighbors. `share`: 0 to 1. */
export function interpolatedQuantile(sorted: Float64Array, share: number): number {
  // d3-array accepts any array, but its types only plain ones.
  return quantileSorted(sorted as unknown as number[], share) as number;
}

/** Quantile of ascending values, not empty: the value at or below the interpolated one. */
export function lowerQuantile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] as number;
}

/**
 * Quantile of ascending values: the smallest one that `share` of them do not exceed; null for none.
 */
export function nearestRankQuantile(sorted: ArrayLike<number>, share: number): number | null {
  return sorted[Math.ceil(share * sorted.length) - 1] ?? null;
}

/** A shift between two samples, in their unit. */
export interface Shift {
  /** Hodges-Lehmann estimate: the median of all differences. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Shift from `before` to `after` with a 95 % confidence interval from the exact distribution of the
 * Mann-Whitney statistic. Samples too small for 95 % get the widest interval they allow. null when
 * one of them is empty. Meant for samples of up to some tens of values.
 */
export function hodgesLehmann(before: ArrayLike<number>, after: ArrayLike<number>): Shift | null {
  if (before.length === 0 || after.length === 0) return null;
  const differences = new Float64Array(before.length * after.length);
  let count = 0;
  for (let b = 0; b < before.length; b++)
    for (let a = 0; a < after.length; a++)
      differences[count++] = (after[a] as number) - (before[b] as number);
  differences.sort();
  const skip = criticalRank(before.length, after.length);
  return {
    estimate: interpolatedQuantile(differences, 0.5),
    low: differences[skip] as number,
    high: differences[differences.length - 1 - skip] as number,
  };
}

/** Chance that the true shift lies on one given side of the interval. */
const intervalTail = 0.025;
const criticalRanks = new Map<string, number>();

/**
 * Largest k with P(U < k) within the tail, for the Mann-Whitney U of samples of these sizes; else
 * 0.
 */
function criticalRank(m: number, n: number): number {
  const key = `${m} ${n}`;
  const known = criticalRanks.get(key);
  if (known !== undefined) return known;
  const counts = countArrangements(m, n);
  const total = counts.reduce((sum, count) => sum + count, 0);
  let k = 0;
  let below = counts[0] as number;
  while (below / total <= intervalTail && k < counts.length - 1) {
    k++;
    below += counts[k] as number;
  }
  criticalRanks.set(key, k);
  return k;
}

/** Arrangements of m and n values, by the value of the Mann-Whitney statistic. */
function countArrangements(m: number, n: number): number[] {
  let rows: number[][] = Array.from({ length: n + 1 }, () => [1]);
  for (let i = 1; i <= m; i++) {
    const next: number[][] = [[1]];
    for (let j = 1; j <= n; j++) {
      const left = next[j - 1] as number[];
      const up = rows[j] as number[];
      const counts: number[] = new Array(i * j + 1).fill(0);
      for (const [u, count] of left.entries()) counts[u + i] = (counts[u + i] ?? 0) + count;
      for (const [u, count] of up.entries()) counts[u] = (counts[u] ?? 0) + count;
      next.push(counts);
    }
    rows = next;
  }
  return rows[n] as number[];
}

/** Probability of `least` or more hits in `draws` draws, each a hit with probability `share`. */
export function binomialTail(least: number, draws: number, share: number): number {
  if (least <= 0 || share >= 1) return 1;
  if (share <= 0) return 0;
  let logTerm = draws * Math.log(1 - share);
  let below = 0;
  for (let hits = 0; hits < least; hits++) {
    below += Math.exp(logTerm);
    logTerm += Math.log((draws - hits) / (hits + 1)) + Math.log(share / (1 - share));
  }
  return Math.max(0, 1 - below);
}

/**
 * Estimated probability, 0 to 1, of what occurred `count` times in `total` draws, with half a draw
 * added (Krichevsky-Trofimov), so that nothing is impossible. With the number of things that
 * occurred exactly once it estimates that the next draw is something new (Good-Turing).
 */
export function estimatedChance(count: number, total: number): number {
  return (count + 0.5) / (total + 1);
}
