/**
 * How far apart the runs of a test usually start: the median distance of neighbours, in whole seconds, at least 1.
 * Takes ascending epoch seconds; null below three. The median shrugs off gaps and bursts alike.
 */
export function estimateIntervalSeconds(startedAt: readonly number[]): number | null {
  if (startedAt.length < 3) return null;
  const gaps: number[] = [];
  for (let index = 1; index < startedAt.length; index++) {
    gaps.push((startedAt[index] as number) - (startedAt[index - 1] as number));
  }
  gaps.sort((a, b) => a - b);
  const middle = gaps.length / 2;
  const low = gaps[Math.ceil(middle) - 1] as number;
  const high = gaps[Math.floor(middle)] as number;
  return Math.max(1, Math.round((low + high) / 2));
}
