import { parseWrittenTime } from './writtenTime.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Offsets in hours, and their names. `CST` and `IST`, for example, mean several zones. */
const zones: readonly [number, string][] = [
  [-8, 'PST'],
  [-7, 'PDT MST'],
  [-6, 'MDT'],
  [-5, 'CDT EST'],
  [-4, 'EDT'],
  [0, 'UTC GMT WET Z'],
  [1, 'BST CET MET WEST'],
  [2, 'CEST EET MEST SAST'],
  [3, 'EEST MSK'],
  [8, 'HKT SGT'],
  [9, 'JST KST'],
  [10, 'AEST'],
  [11, 'AEDT'],
  [12, 'NZST'],
  [13, 'NZDT'],
];

/** Marks around a time, such as `=== … ===` or `[…]`. */
const marks = /^[\s=#*[(-]+|[\s=#*\])-]+$/g;

/** The words of a time as `date` writes it, in any order; empty if absent. */
interface DateWords {
  month: string;
  day: string;
  year: string;
  clock: string;
  half: string;
  zone: string;
}

/** The pattern of each word. The name of the day has no further information. */
const wordPatterns: readonly [keyof DateWords | 'weekday', RegExp][] = [
  ['weekday', /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*$/i],
  ['month', /^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*$/i],
  ['day', /^\d{1,2}$/],
  ['year', /^\d{4}$/],
  ['clock', /^\d{1,2}:\d\d:\d\d(?:\.\d+)?$/],
  ['half', /^[ap]m$/i],
  ['zone', /^(?:[A-Z]{3,4}|Z|[+-]\d{4})$/],
];

/**
 * Epoch seconds of a line that is nothing but a time: the output of `date` in its usual forms, ISO
 * 8601 or epoch seconds, perhaps between marks. Without a zone it is local time. null for any other
 * line, and for a zone whose name is ambiguous.
 */
export function parseTimeLine(line: string): number | null {
  if (line.length > 80 || !/\d\d/.test(line)) return null;
  const text = line.replace(marks, '');
  const iso = text
    .replace(/(:\d\d)[.,]\d+/, '$1')
    .replace(/ ?(?:UTC|GMT)$/, 'Z')
    .replace(/ (?=[+-]\d\d:?\d\d$)/, '');
  return parseWrittenTime(iso) ?? parseDateWords(text);
}

function parseDateWords(text: string): number | null {
  const words: DateWords = { month: '', day: '', year: '', clock: '', half: '', zone: '' };
  for (const word of text.split(/[\s,]+/)) {
    const kind = wordPatterns.find(([, pattern]) => pattern.test(word))?.[0];
    if (kind === undefined || (kind !== 'weekday' && words[kind] !== '')) return null;
    if (kind !== 'weekday') words[kind] = word;
  }
  const { month, day, year, clock } = words;
  return month === '' || day === '' || year === '' || clock === '' ? null : secondsOf(words);
}

function secondsOf({ month, day, year, clock, half, zone }: DateWords): number | null {
  const [hour = 0, minute = 0, second = 0] = clock.split(':').map(Number);
  const noon = /^p/i.test(half) ? 12 : 0;
  const date: DateParts = [
    Number(year),
    months.indexOf(month.slice(0, 3).toLowerCase()),
    Number(day),
    half === '' ? hour : (hour % 12) + noon,
    minute,
    Math.floor(second),
  ];
  const local = new Date(...date);
  if (zone === '' || zone === localZoneName(local)) return local.getTime() / 1000;
  const offset = offsetMinutes(zone);
  return offset === null ? null : Date.UTC(...date) / 1000 - offset * 60;
}

/** Year, month from 0, day, hour, minute and second. */
type DateParts = [number, number, number, number, number, number];

function offsetMinutes(zone: string): number | null {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(zone) ?? [];
  if (sign !== undefined) return Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes));
  const hour = zones.find(([, names]) => names.split(' ').includes(zone))?.[0];
  return hour === undefined ? null : hour * 60;
}

function localZoneName(date: Date): string | undefined {
  const parts = new Intl.DateTimeFormat('en-US', { timeZoneName: 'short' }).formatToParts(date);
  return parts.find(({ type }) => type === 'timeZoneName')?.value;
}
