/**
 * A figure as data files show it: without the noise of binary fractions. Three decimals of a millisecond are all that
 * the tools tell.
 */
export function roundDecimals(value: number, digits?: number): number;
export function roundDecimals(value: number | null, digits?: number): number | null;
export function roundDecimals(value: number | null, digits = 3): number | null {
  if (value === null) return null;
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
