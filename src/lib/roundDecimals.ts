/**
 * Rounds a value to decimal digits, without the noise of binary fractions. Three digits, the
 * default, are the resolution of the tools for milliseconds.
 */
export function roundDecimals(value: number, digits?: number): number;
export function roundDecimals(value: number | null, digits?: number): number | null;
export function roundDecimals(value: number | null, digits = 3): number | null {
  if (value === null) return null;
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}
