const secondsPerUnit: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/**
 * Seconds of a duration: a number of seconds (`3600`, `"3600"`) or a number with a unit (`"500ms"`, `"60s"`, `"90m"`,
 * `"24h"`, `"7d"`, `"2w"`). null for anything else, and for what is negative or not finite.
 */
export function parseDuration(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : null;
  if (typeof value !== 'string') return null;
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)\s*(ms|[smhdw])?$/.exec(value.trim()) ?? [];
  return number === undefined ? null : Number(number) * (secondsPerUnit[unit] ?? 1);
}

/**
 * A span of seconds in at most two units, days from two on, rounded to the smaller: `45 s`, `12 min`, `3 h 20 min`, `24 h`,
 * `2 d 4 h`. A test that runs every ten minutes within a second or two has an interval of `10 min`.
 */
export function formatDuration(seconds: number): string {
  const totalSeconds = Math.max(0, Math.round(seconds));
  if (totalSeconds < 60) return `${totalSeconds} s`;
  const minutes = Math.round(totalSeconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return twoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  const hours = Math.round(minutes / 60);
  return twoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}
