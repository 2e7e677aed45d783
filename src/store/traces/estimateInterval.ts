import { median } from '../../model/values/statistics.ts';

/**
 * Estimates the interval between the starts of a test: the median, in whole seconds, at least 1.
 * Takes ascending epoch seconds; returns null for fewer than three. A median ignores gaps and
 * bursts.
 */
export function estimateIntervalSeconds(startedAt: readonly number[]): number | null {
  if (startedAt.length < 3) return null;
  const gaps = startedAt.slice(1).map((at, index) => at - (startedAt[index] as number));
  return Math.max(1, Math.round(median(gaps) as number));
}
