import { endOfTime, parseTimestamp } from '../lib/timestamp.ts';
import type { TimeOfDayRange } from '../model/values/time.ts';

/** A span of the day on some days of the week, 0: Sunday. */
export interface WeeklyTimeRange {
  readonly weekdays: readonly number[];
  readonly span: TimeOfDayRange;
}

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const minutesPerDay = 1440;

/** Minutes since midnight of `"07:30"`; null for anything else. */
export function parseTimeOfDay(value: unknown): number | null {
  if (typeof value !== 'string') return null;
  const [, hours, minutes] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(value.trim()) ?? [];
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
}

/**
 * Parses `"22:00-07:00"`; the end may be `24:00`. null for anything else, and for an empty span.
 */
export function parseTimeOfDayRange(value: unknown): TimeOfDayRange | null {
  if (typeof value !== 'string') return null;
  const [first, last, ...more] = value.split('-').map((part) => part.trim());
  const from = parseTimeOfDay(first);
  const to = last === '24:00' ? minutesPerDay : parseTimeOfDay(last);
  return from === null || to === null || from === to || more.length > 0 ? null : { from, to };
}

/**
 * Parses days and hours: `"Tue 22:00-02:00"`, `"Mon-Fri 06:00-06:30"`, `"Sat, Sun 00:00-24:00"` or
 * `"daily 03:00-04:00"`. null for anything else. The span begins on these days.
 */
export function parseWeekly(value: unknown): WeeklyTimeRange | null {
  if (typeof value !== 'string') return null;
  const [, daysText = '', hours] = /^(.*[a-z])\s+(\d.*)$/i.exec(value.trim()) ?? [];
  const span = parseTimeOfDayRange(hours);
  const days = /^daily$/i.test(daysText)
    ? weekdays.map((_, index) => index)
    : daysText.split(',').flatMap((part) => daysOf(part) ?? [Number.NaN]);
  if (span === null || days.some(Number.isNaN)) return null;
  return { weekdays: [...new Set(days)].sort(), span };
}

function daysOf(part: string): number[] | null {
  const [first, last = first, ...more] = part.split('-').map(dayOf);
  if (first === undefined || last === undefined || first < 0 || last < 0 || more.length > 0)
    return null;
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, index) => (first + index) % 7);
}

/** Index of a day by its short or full English name; -1 for no day. */
function dayOf(name: string): number {
  const word = name.trim().toLowerCase();
  const at = weekdays.indexOf(word.slice(0, 3));
  const full = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
  return word.length === 3 || full[at] === word ? at : -1;
}

/** Epoch seconds of a TOML time or its text, UTC unless it names a zone; null for anything else. */
export function parseTime(value: unknown): number | null {
  if (value instanceof Date) {
    const seconds = Math.floor(value.getTime() / 1000);
    // The parser gives a time of day alone the year 0.
    return seconds > 0 && seconds < endOfTime ? seconds : null;
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
