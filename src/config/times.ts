import { parseTimestamp } from '../lib/timestamp.ts';

/** A span of the day, minutes since midnight, the end not included; over midnight where `to` is not after `from`. */
export interface TimeOfDayRange {
  readonly from: number;
  readonly to: number;
}

/** A span of the day on some days of the week, 0: Sunday. */
export interface WeeklyTimeRange {
  readonly weekdays: readonly number[];
  readonly span: TimeOfDayRange;
}

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Minutes since midnight of `"07:30"`; null for anything else. */
export function parseTimeOfDay(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(value.trim()) ?? [];
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
}

/** A span of `"22:00-07:00"`; it may end at `24:00`. null for anything else, also for one without length. */
export function parseTimeOfDayRange(value: unknown): TimeOfDayRange | null {
  if (typeof value !== 'string') return null;
  const [first, last, ...more] = value.split('-').map((part) => part.trim());
  const from = parseTimeOfDay(first);
  const to = last === '24:00' ? 1440 : parseTimeOfDay(last);
  return from === null || to === null || from === to || more.length > 0 ? null : { from, to };
}

/**
 * Days and hours of `"Tue 22:00-02:00"`, `"Mon-Fri 06:00-06:30"`, `"Sat, Sun 00:00-24:00"` or `"daily 03:00-04:00"`; null for
 * anything else. The days are those on which the span begins.
 */
export function parseWeekly(value: unknown): WeeklyTimeRange | null {
  if (typeof value !== 'string') return null;
  const [, days = '', hours] = /^(.*[a-z])\s+(\d.*)$/i.exec(value.trim()) ?? [];
  const span = parseTimeOfDayRange(hours);
  const found = /^daily$/i.test(days)
    ? weekdays.map((_, index) => index)
    : days.split(',').flatMap((part) => daysOf(part) ?? [Number.NaN]);
  if (span === null || found.some(Number.isNaN)) return null;
  return { weekdays: [...new Set(found)].sort(), span };
}

function daysOf(part: string): number[] | null {
  const [first, last = first, ...more] = part.split('-').map(dayOf);
  if (first === undefined || last === undefined || first < 0 || last < 0 || more.length > 0)
    return null;
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7);
}

/** -1 for no day; English names may be written out. */
function dayOf(name: string): number {
  const word = name.trim().toLowerCase();
  const at = weekdays.indexOf(word.slice(0, 3));
  const full = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
  return word.length === 3 || full[at] === word ? at : -1;
}

/** Epoch seconds of a moment as TOML or as text, UTC where it names no zone; null for anything else. */
export function parseTime(value: unknown): number | null {
  if (value instanceof Date) {
    const seconds = Math.floor(value.getTime() / 1000);
    // A time of day alone comes as one of the year 0.
    return seconds > 0 ? seconds : null;
  }
  return typeof value === 'string' ? parseTimestamp(value.trim()) : null;
}

/** Whether a name is a time zone of the IANA database. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
