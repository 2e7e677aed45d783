/** What a table or sentence shows where nothing is known. */
export const unknownText = '–';

/** A moment as a template shows it: `<time datetime="{{ t.iso }}">{{ t.text }}</time>`. */
export interface TimeText {
  /** ISO 8601 UTC to the second. */
  readonly iso: string;
  readonly text: string;
}

/** A whole number with thousands separators: what `Intl` does, whose start costs as much as ten pages. */
function groupThousands(value: number): string {
  const digits = String(Math.round(Math.abs(value))).replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return value < 0 ? `-${digits}` : digits;
}

const daySeconds = 86400;
const twoDigits = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));
/** `2026-11-20` by days since 1970: pages print hundreds of times of a few days. */
const dates = new Map<number, string>();

function dateText(day: number): string {
  const known = dates.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * daySeconds * 1000).toISOString().slice(0, 10);
  dates.set(day, text);
  return text;
}

/** Date, time of day to the minute, and seconds of a moment, UTC: `2026-11-20`, `12:40`, `05`. */
function splitTime(epoch: number): readonly [string, string, string] {
  const day = Math.floor(epoch / daySeconds);
  const seconds = Math.floor(epoch) - day * daySeconds;
  const minutes = Math.floor(seconds / 60);
  const clock = `${twoDigits[Math.floor(minutes / 60)]}:${twoDigits[minutes % 60]}`;
  return [dateText(day), clock, twoDigits[seconds % 60] as string];
}

/** Epoch seconds → `2026-11-20T12:40:00Z`. */
export function isoTime(epoch: number): string {
  const [date, clock, seconds] = splitTime(epoch);
  return `${date}T${clock}:${seconds}Z`;
}

/** Epoch seconds → `12:40 UTC`. */
export function utcClock(epoch: number): string {
  return `${splitTime(epoch)[1]} UTC`;
}

/** Epoch seconds → a `<time>` element's attribute and full text with zone. */
export function timeText(epoch: number): TimeText {
  const [date, clock, seconds] = splitTime(epoch);
  return { iso: `${date}T${clock}:${seconds}Z`, text: `${date} ${clock} UTC` };
}

/** As `timeText` but without the zone, for a column whose header names it; `{iso: '', text: '–'}` for null. */
export function timeCell(epoch: number | null): TimeText {
  if (epoch === null) return { iso: '', text: unknownText };
  const [date, clock, seconds] = splitTime(epoch);
  return { iso: `${date}T${clock}:${seconds}Z`, text: `${date} ${clock}` };
}

/** Milliseconds in a sentence, with about three digits: `0.42 ms`, `3.4 ms`, `148 ms`, `1,250 ms`. */
export function formatMs(value: number | null): string {
  return value === null ? unknownText : `${formatMsDigits(value)} ms`;
}

/** Milliseconds in a sentence without the unit, with the digits of `ms`. */
function formatMsDigits(value: number | null): string {
  if (value === null) return unknownText;
  const size = Math.abs(value);
  if (size < 0.995) return value.toFixed(2);
  if (size < 99.95) return value.toFixed(1);
  return groupThousands(value);
}

/** Milliseconds in a table column: always one decimal, so that a right-aligned column lines up. */
export function formatMsCell(value: number | null): string {
  return value === null ? unknownText : value.toFixed(1);
}

/** Endings of numbers with two decimals, without the zeros that say nothing: '', `.01`, …, `.1`, … `.99`. */
const hundredthTexts = Array.from({ length: 100 }, (_, value) => String(value / 100).slice(1));

/** Milliseconds for a script, with at most two decimals; not negative. What `String` does takes several times as long. */
export function formatHundredths(value: number): string {
  const hundredthsCount = Math.round(value * 100);
  return `${Math.floor(hundredthsCount / 100)}${hundredthTexts[hundredthsCount % 100]}`;
}

/** A difference in ms with its sign: `+18 ms`, `−0.4 ms`, `±0 ms`. */
export function formatMsChange(value: number): string {
  if (Math.abs(value) < 0.05) return '±0 ms';
  return value > 0 ? `+${formatMs(value)}` : `−${formatMs(-value)}`;
}

/** Percent, 0 to 100: `0%`, `<0.1%`, `1.3%`, `13%`; 100% only when it is. */
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

/** A whole number with thousands separators. */
export function formatCount(value: number | null): string {
  if (value === null) return unknownText;
  const whole = Math.round(value);
  return Math.abs(whole) < 1000 ? String(whole) : groupThousands(whole);
}

/** `1 trace`, `1,234 traces`; the plural is the noun with an s unless given. */
export function pluralize(value: number, noun: string, plural = `${noun}s`): string {
  return `${formatCount(value)} ${value === 1 ? noun : plural}`;
}

/** How long ago in words, in one unit: `4 minutes`, `2 hours`. Only for pages that are rewritten each run. */
export function formatAge(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return pluralize(whole, 'second');
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return pluralize(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 24 ? pluralize(hours, 'hour') : pluralize(Math.round(minutes / 1440), 'day');
}

const byteUnitNames = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in decimal units: `812 B`, `1.2 MB`. */
export function formatBytes(value: number): string {
  let size = value;
  let unit = 0;
  while (size >= 999.5 && unit < byteUnitNames.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 || size >= 99.95 ? groupThousands(size) : size.toFixed(1)} ${byteUnitNames[unit]}`;
}

/** `AS64500`; `–` when unknown. */
export function asLabel(asn: number | null): string {
  return asn === null ? unknownText : `AS${asn}`;
}

/** `AS64500 → AS64510`; `–` for an empty path. */
export function asPathText(path: readonly number[]): string {
  return path.length === 0 ? unknownText : path.map((asn) => `AS${asn}`).join(' → ');
}

/** `IPv4` or `IPv6`. */
export function familyLabel(family: 4 | 6): string {
  return family === 4 ? 'IPv4' : 'IPv6';
}
