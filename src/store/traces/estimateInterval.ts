import { median } from '../../model/statistics.ts';

/**
 * How far apart the runs of a test usually start: the median distance of neighbors, in whole
 * seconds, at least 1. Takes ascending epoch seconds; null below three. The median ignores gaps and
 * bursts alike.
 */
export function estimateIntervalSeconds(startedAt: readonly number[]): number | null {
  if (startedAt.length < 3) return null;
  const gaps = startedAt.slice(1).map((at, index) => at - (startedAt[index] as number));
  return Math.max(1, Math.round(median(gaps) as number));
}
