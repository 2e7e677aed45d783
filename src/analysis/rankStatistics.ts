/** Middle value of a list, the mean of the two middle ones when even; null for an empty list. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
}

/** Value below which a share (0 to 1) of a sorted, non-empty list lies; no interpolation. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] as number;
}

/** A shift between two samples. */
export interface Shift {
  /** Hodges-Lehmann estimate: median of all differences, in the unit of the samples. */
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Shift from `before` to `after`, with a 95 % confidence interval from the exact distribution of the Mann-Whitney
 * statistic. Where the samples are too few for 95 % the interval is the widest they give. null when one is empty.
 */
export function hodgesLehmann(before: readonly number[], after: readonly number[]): Shift | null {
  if (before.length === 0 || after.length === 0) return null;
  const differences: number[] = [];
  for (const b of before) for (const a of after) differences.push(a - b);
  differences.sort((x, y) => x - y);
  const skip = criticalRank(before.length, after.length, 0.025);
  return {
    estimate: median(differences) as number,
    low: differences[skip] as number,
    high: differences[differences.length - 1 - skip] as number,
  };
}

const ranks = new Map<number, number>();

/** Largest k with P(U < k) <= tail for the Mann-Whitney statistic U of samples of these sizes; 0 when there is none. */
function criticalRank(m: number, n: number, tail: number): number {
  const key = m * 1000 + n;
  const known = ranks.get(key);
  if (known !== undefined) return known;
  const counts = distribution(m, n);
  const total = counts.reduce((sum, count) => sum + count, 0);
  let k = 0;
  let below = counts[0] as number;
  while (below / total <= tail && k < counts.length - 1) {
    k++;
    below += counts[k] as number;
  }
  ranks.set(key, k);
  return k;
}

/** Number of arrangements of m and n values for each value of the Mann-Whitney statistic. */
function distribution(m: number, n: number): number[] {
  let rows: number[][] = Array.from({ length: n + 1 }, () => [1]);
  for (let i = 1; i <= m; i++) {
    const next: number[][] = [[1]];
    for (let j = 1; j <= n; j++) {
      const left = next[j - 1] as number[];
      const up = rows[j] as number[];
      const counts: number[] = new Array(i * j + 1).fill(0);
      for (const [u, count] of left.entries()) counts[u + i] = (counts[u + i] ?? 0) + count;
      for (const [u, count] of up.entries()) counts[u] = (counts[u] ?? 0) + count;
      next.push(counts.slice(0, i * j + 1));
    }
    rows = next;
  }
  return rows[n] as number[];
}

/** What nobody feels: the larger of these two. */
const relevantShiftMs = 3;
const relevantShiftShare = 0.05;

/** The smallest difference of a round-trip time that anybody feels, ms. */
export function smallestRelevantShift(levelMs: number): number {
  return Math.max(relevantShiftMs, relevantShiftShare * levelMs);
}
