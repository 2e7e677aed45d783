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

/** Median of `sorted[from..to)`, which is not empty. */
function medianOfRange(sorted: ArrayLike<number>, from: number, to: number): number {
  const center = from + ((to - from) >> 1);
  const upper = sorted[center] as number;
  return (to - from) % 2 === 1 ? upper : ((sorted[center - 1] as number) + upper) / 2;
}

function standardDeviation(values: ArrayLike<number>): number | null {
  const { length } = values;
  if (length < 2) return null;
  let sum = 0;
  for (let i = 0; i < length; i++) sum += values[i] as number;
  const mean = sum / length;
  let squares = 0;
  for (let i = 0; i < length; i++) squares += ((values[i] as number) - mean) ** 2;
  return Math.sqrt(squares / (length - 1));
}

/**
 * Describes ascending values; null for none. The quartiles are Tukey hinges without the median: medians of the lower and the
 * upper half, the middle value left out of both when their number is odd. One value is its own quartiles.
 */
export function describeDistribution(sorted: ArrayLike<number>): Distribution | null {
  const { length } = sorted;
  if (length === 0) return null;
  const half = Math.max(1, length >> 1);
  return {
    min: sorted[0] as number,
    q1: medianOfRange(sorted, 0, half),
    median: medianOfRange(sorted, 0, length),
    q3: medianOfRange(sorted, length - half, length),
    max: sorted[length - 1] as number,
    stdev: standardDeviation(sorted),
  };
}

/** Median of values in any order; null for none. */
export function medianOf(values: readonly number[]): number | null {
  return values.length === 0
    ? null
    : medianOfRange(new Float64Array(values).sort(), 0, values.length);
}
