const secondsOf: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/**
 * Seconds of a duration: a number of seconds (`3600`, `"3600"`) or a number with a unit (`"60s"`, `"90m"`, `"24h"`,
 * `"7d"`, `"2w"`). null for anything else, and for what is negative or not finite.
 */
export function parseDuration(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : null;
  if (typeof value !== 'string') return null;
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)\s*([smhdw])?$/.exec(value.trim()) ?? [];
  return number === undefined ? null : Number(number) * (secondsOf[unit] ?? 1);
}

const bytesOf: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/** Bytes of a size: a number of bytes, or text such as `"64MB"` (decimal) or `"64MiB"` (binary); else null. */
export function parseSize(value: unknown): number | null {
  if (typeof value === 'number') return Number.isInteger(value) && value > 0 ? value : null;
  if (typeof value !== 'string') return null;
  const [, number, unit = 'B'] = /^(\d+)\s*([kKMG]i?B|B)?$/.exec(value.trim()) ?? [];
  const factor = bytesOf[unit];
  if (number === undefined || factor === undefined) return null;
  return Number(number) * factor || null;
}
