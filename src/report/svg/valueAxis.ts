/** A scale with round numbers at its ticks. */
export interface ValueAxis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
}

/** Smallest of 1, 2, 5 x 10^n that is at least `size`. */
function roundStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const factor = [1, 2, 5].find((candidate) => candidate * power >= size * 0.9999) ?? 10;
  return factor * power;
}

/**
 * Axis that covers `low` to `high` with about `count` steps. Starts at zero unless that would squeeze the data into the upper
 * half, and never magnifies a spread below a tenth of the value.
 */
export function valueAxis(low: number, high: number, count: number): ValueAxis {
  const top = Math.max(high, 0.1);
  const spread = Math.max(top - low, top * 0.1);
  const bottom = low < top * 0.5 ? 0 : Math.max(0, Math.min(low, top - spread));
  const step = roundStep((top - bottom) / count);
  const first = Math.floor(bottom / step + 1e-9);
  const last = Math.ceil(top / step - 1e-9);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return {
    low: first * step,
    high: last * step,
    ticks: Array.from({ length: last - first + 1 }, (_, index) => {
      const value = (first + index) * step;
      return { value, label: value.toFixed(decimals) };
    }),
  };
}
