/** Spans of time in seconds. Epoch days have no leap seconds. */
export const minuteSeconds = 60;
export const hourSeconds = 60 * minuteSeconds;
export const daySeconds = 24 * hourSeconds;
/** Minutes of a day, for times of day. */
export const dayMinutes = 24 * 60;

/** Number of the UTC day, counted from the epoch, that contains a moment (epoch seconds). */
export function dayOf(at: number): number {
  return Math.floor(at / daySeconds);
}

/** The midnight UTC, epoch seconds, at or before a moment. */
export function midnightOf(at: number): number {
  return dayOf(at) * daySeconds;
}

/**
 * A span of the day, minutes since midnight, end excluded. It runs over midnight if `to` is not
 * after `from`.
 */
export interface TimeOfDayRange {
  readonly from: number;
  readonly to: number;
}

/** Whether a time of day lies within a span; equal ends mean the whole day. */
export function isWithin(minutes: number, { from, to }: TimeOfDayRange): boolean {
  return from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to;
}

/** The earliest of some moments; null if none is known. */
export function earliest(moments: readonly (number | null)[]): number | null {
  const known = moments.filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** The latest of some moments; null if none is known. */
export function latest(moments: readonly (number | null)[]): number | null {
  const known = moments.filter((at) => at !== null);
  return known.length === 0 ? null : Math.max(...known);
}
