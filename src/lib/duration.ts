const secondsPerUnit: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/**
 * Seconds of a duration: a number of seconds (`3600`, `"3600"`) or a number with a unit (`"500ms"`,
 * `"60s"`, `"90m"`, `"24h"`, `"7d"`, `"2w"`). null for anything else, and for negative and infinite
 * numbers.
 */
export function parseDuration(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : null;
  if (typeof value !== 'string') return null;
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)\s*(ms|[smhdw])?$/.exec(value.trim()) ?? [];
  return number === undefined ? null : Number(number) * (secondsPerUnit[unit] ?? 1);
}
