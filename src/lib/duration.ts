const secondsPerUnit: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
};

/** The longest duration that anybody may give: 100 years, in seconds. */
export const maxDurationSeconds = 36_525 * 86_400;

/**
 * Seconds of a duration: a number of seconds (`3600`, `"3600"`) or a number with a unit (`"500ms"`,
 * `"60s"`, `"90m"`, `"24h"`, `"7d"`, `"2w"`), at most 100 years. null for anything else, and for
 * negative numbers.
 */
export function parseDuration(value: unknown): number | null {
  const seconds = typeof value === 'number' ? value : secondsOf(value);
  return seconds !== null && seconds >= 0 && seconds <= maxDurationSeconds ? seconds : null;
}

function secondsOf(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const [, number, unit = 's'] = durationForm.exec(value.trim()) ?? [];
  return number === undefined ? null : Number(number) * (secondsPerUnit[unit] ?? 1);
}

const durationForm = /^(\d+(?:\.\d+)?)\s*(ms|[smhdw])?$/;

/** Whether a value is a duration of more than 100 years. */
export function isTooLong(value: unknown): boolean {
  const seconds = typeof value === 'number' ? value : secondsOf(value);
  return seconds !== null && seconds > maxDurationSeconds;
}

export const tooLongHint = 'expected a duration of at most 100 years';

/** Whether text is written as a duration, of whatever length. */
export function isDuration(text: string): boolean {
  return durationForm.test(text.trim());
}
