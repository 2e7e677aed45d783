const bytesPerUnit: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};

/**
 * Bytes of a size: a number of bytes, or text such as `"64MB"` (decimal) or `"64MiB"` (binary).
 * null for anything else.
 */
export function parseSize(value: unknown): number | null {
  if (typeof value === 'number') return Number.isInteger(value) && value > 0 ? value : null;
  if (typeof value !== 'string') return null;
  const [, number, unit = 'B'] = /^(\d+)\s*([kKMG]i?B|B)?$/.exec(value.trim()) ?? [];
  const factor = bytesPerUnit[unit];
  if (number === undefined || factor === undefined) return null;
  return Number(number) * factor || null;
}
