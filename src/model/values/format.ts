import { memoize } from './memoize.ts';
import { dayOf, daySeconds, hourSeconds } from './time.ts';

/** Text for an unknown value in a table or sentence. */
export const unknownText = '–';

/** A time as a template prints it: `<time datetime="{{ t.iso }}">{{ t.text }}</time>`. */
export interface TimeText {
  /** ISO 8601 UTC to the second. */
  readonly iso: string;
  readonly text: string;
}

const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

/** `2026-11-20` by days since 1970: pages print hundreds of times within a few days. */
const dateText = memoize((day: number): string =>
  // biome-ignore lint/style/noRestrictedGlobals: it converts a given time and reads no clock
  new Date(day * daySeconds * 1000).toISOString().slice(0, 10),
);

/** The last moment that has a date, and its opposite; older versions may have stored others. */
const lastTime = 8_640_000_000_000;

/** Date, time of day to the minute, and seconds of a time, UTC: `2026-11-20`, `12:40`, `05`. */
function splitTime(epoch: number): readonly [string, string, string] {
  const at = Math.max(-lastTime, Math.min(epoch, lastTime));
  const day = dayOf(at);
  const seconds = Math.floor(at) - day * daySeconds;
  const minutes = Math.floor(seconds / 60);
  const clock = `${twoDigits[Math.floor(minutes / 60)]}:${twoDigits[minutes % 60]}`;
  return [dateText(day), clock, twoDigits[seconds % 60] as string];
}

/** Epoch seconds → `2026-11-20T12:40:00Z`. */
export function isoTime(epoch: number): string {
  const [date, clock, seconds] = splitTime(epoch);
  return `${date}T${clock}:${seconds}Z`;
}

/** Epoch seconds → `2026-11-20 12:40 UTC`. */
export function utcTime(epoch: number): string {
  const [date, clock] = splitTime(epoch);
  return `${date} ${clock} UTC`;
}

/** Epoch seconds → `12:40 UTC`. */
export function utcClock(epoch: number): string {
  return `${splitTime(epoch)[1]} UTC`;
}

/**
 * Two times in one phrase, with the date of the second only if it differs: `2026-11-20 12:40 to
 * 13:00 UTC`.
 */
export function utcSpan(from: number, to: number, joint: 'to' | 'and' = 'to'): string {
  const [date, clock] = splitTime(from);
  return `${date} ${clock} ${joint} ${dayOf(from) === dayOf(to) ? utcClock(to) : utcTime(to)}`;
}

/** Epoch seconds → a `<time>` element's attribute and full text with zone. */
export function timeText(epoch: number): TimeText {
  return { iso: isoTime(epoch), text: utcTime(epoch) };
}

/**
 * As `timeText` without the zone, for a column whose header names it; `{iso: '', text: '–'}` for
 * null.
 */
export function timeCell(epoch: number | null): TimeText {
  if (epoch === null) return { iso: '', text: unknownText };
  const [date, clock, seconds] = splitTime(epoch);
  return { iso: `${date}T${clock}:${seconds}Z`, text: `${date} ${clock}` };
}

/**
 * A span of seconds in at most two units, days from two on, rounded to the smaller unit: `45 s`,
 * `12 min`, `3 h 20 min`, `24 h`, `2 d 4 h`.
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

/** The intervals that people configure, seconds. */
const usualIntervals = [
  60, 120, 300, 600, 900, 1200, 1800, 3600, 7200, 10_800, 14_400, 21_600, 43_200, 86_400,
];
/** A measured interval varies, since tests start with a random delay. */
const intervalTolerance = 0.15;

/** The interval of a test: `10 min` also for 9 min 20 s, since that is what was configured. */
export function formatInterval(seconds: number): string {
  const usual = usualIntervals.find(
    (interval) => Math.abs(seconds - interval) <= intervalTolerance * interval,
  );
  return formatDuration(usual ?? seconds);
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`;
}

/** A span of seconds in one unit, days from two on, for a narrow cell: `12 min`, `3 h`, `2 d`. */
export function formatRoundDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.round(seconds / hourSeconds);
  return hours < 48 ? `${hours} h` : `${Math.round(seconds / daySeconds)} d`;
}

/**
 * A span of seconds in words and one unit: `4 minutes`, `2 hours`. Only for pages that each run
 * rewrites.
 */
export function formatAge(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return pluralize(whole, 'second');
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return pluralize(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 24 ? pluralize(hours, 'hour') : pluralize(Math.round(minutes / 1440), 'day');
}

/**
 * Milliseconds with two or three digits: `0.042 ms`, `0.42 ms`, `3.4 ms`, `148 ms`, `1,250 ms`; `–`
 * for null.
 */
export function formatMs(value: number | null): string {
  return value === null ? unknownText : `${formatMsDigits(value)} ms`;
}

/** Milliseconds without the unit, with the digits of `formatMs`. */
export function formatMsDigits(value: number): string {
  const size = Math.abs(value);
  if (size >= 99.95) return groupThousands(value);
  return value.toFixed(decimalsOf(size)).replace('-', '−');
}

/** Decimals that show two digits of a time below 10 ms, and one decimal of a longer one. */
function decimalsOf(size: number): number {
  if (size >= 0.995 || size === 0) return 1;
  return size < 0.0995 ? 3 : 2;
}

/** Milliseconds in a table column: `0.042`, `0.42`, `3.4`, `148.2`. */
export function formatMsCell(value: number | null): string {
  return value === null ? unknownText : value.toFixed(decimalsOf(value));
}

/** A difference in ms with its sign: `+18 ms`, `−0.4 ms`, `±0 ms`. */
export function formatMsChange(value: number): string {
  if (Math.abs(value) < 0.05) return '±0 ms';
  return value > 0 ? `+${formatMs(value)}` : formatMs(value);
}

/** Endings of numbers with up to two decimals: '', `.01`, …, `.1`, …, `.99`. */
const hundredthTexts = Array.from({ length: 100 }, (_, value) => String(value / 100).slice(1));

/**
 * A number for a script, not negative, with at most two decimals; several times as fast as
 * `String`.
 */
export function formatHundredths(value: number): string {
  const hundredthsCount = Math.round(value * 100);
  return `${Math.floor(hundredthsCount / 100)}${hundredthTexts[hundredthsCount % 100]}`;
}

/** Percent, 0 to 100: `0%`, `<0.1%`, `1.3%`, `13%`, `>99%`; 100% only when it is; `–` for null. */
export function formatPercent(value: number | null): string {
  if (value === null) return unknownText;
  if (value === 0 || value === 100) return `${value}%`;
  if (value < 0.1) return '<0.1%';
  if (value < 9.95) return `${value.toFixed(1)}%`;
  return value > 99 ? '>99%' : `${value.toFixed(0)}%`;
}

/** A share, 0 to 1, as percent. */
export function formatShare(value: number): string {
  return formatPercent(value * 100);
}

/** A whole number with thousands separators; `–` for null. */
export function formatCount(value: number | null): string {
  return value === null ? unknownText : groupThousands(value);
}

/** As `Intl`, whose start takes as long as ten pages. */
function groupThousands(value: number): string {
  const whole = Math.round(value);
  const digits = String(Math.abs(whole));
  const grouped = digits.length < 4 ? digits : digits.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return whole < 0 ? `−${grouped}` : grouped;
}

/** `1 trace`, `1,234 traces`; the plural is the noun with an s unless given. */
export function pluralize(count: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`;
}

const rateUnitNames = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s'] as const;

/** Bits per second: `812 bit/s`, `9.41 Gbit/s`; `–` for null. */
export function formatBitRate(value: number | null): string {
  if (value === null) return unknownText;
  const { scaled, unit } = scaleToUnit(value, rateUnitNames);
  return `${scaled === value ? Math.round(value) : scaled.toPrecision(3)} ${unit}`;
}

const byteUnitNames = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in decimal units: `812 B`, `1.2 MB`. */
export function formatBytes(value: number): string {
  const { scaled, unit } = scaleToUnit(value, byteUnitNames);
  const isWhole = scaled === value || scaled >= 99.95;
  return `${isWhole ? groupThousands(scaled) : scaled.toFixed(1)} ${unit}`;
}

/** A value in the unit of a list, each 1000 of the one before, that leaves three digits. */
function scaleToUnit(value: number, units: readonly string[]) {
  let scaled = value;
  let index = 0;
  while (scaled >= 999.5 && index < units.length - 1) {
    scaled /= 1000;
    index += 1;
  }
  return { scaled, unit: units[index] };
}

/** `AS64500`; `–` for null. */
export function asLabel(asn: number | null): string {
  return asn === null ? unknownText : `AS${asn}`;
}

/** `AS64500 → AS64510`; `–`, or the text given, for an empty path. */
export function asPathText(path: readonly number[], empty = unknownText): string {
  return path.length === 0 ? empty : path.map((asn) => `AS${asn}`).join(' → ');
}

/** `IPv4` or `IPv6`. */
export function familyLabel(family: 4 | 6): string {
  return family === 4 ? 'IPv4' : 'IPv6';
}

/** A text with its first letter in upper case. */
export function sentenceCase(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
