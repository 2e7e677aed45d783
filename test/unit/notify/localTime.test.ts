import { expect, test } from 'vitest';
import { isWithin } from '../../../src/model/values/time.ts';
import { lastOccurrence, localTime } from '../../../src/notify/routing/localTime.ts';

const at = (iso: string) => Date.parse(iso) / 1000;
const iso = (epoch: number) => new Date(epoch * 1000).toISOString().slice(0, 16);

test.each([
  ['2026-11-20T10:00Z', 'UTC', 600, 5],
  ['2026-11-20T23:30Z', 'Europe/Amsterdam', 30, 6],
  ['2026-07-01T10:00Z', 'Europe/Amsterdam', 720, 3],
  ['2026-11-20T02:00Z', 'America/Denver', 19 * 60, 4],
  ['2026-11-20T18:45Z', 'Asia/Kathmandu', 30, 6],
])('at %s a clock in %s shows %i minutes of weekday %i', (moment, zone, minutes, weekday) => {
  expect(localTime(at(moment), zone)).toEqual({ minutes, weekday });
});

test.each([
  [22 * 60, 7 * 60, 23 * 60, true],
  [22 * 60, 7 * 60, 6 * 60 + 59, true],
  [22 * 60, 7 * 60, 7 * 60, false],
  [9 * 60, 17 * 60, 9 * 60, true],
  [9 * 60, 17 * 60, 17 * 60, false],
  [0, 0, 12 * 60, true],
])('the span %i to %i contains %i: %s', (from, to, minutes, held) => {
  expect(isWithin(minutes, { from, to })).toBe(held);
});

test.each([
  ['2026-11-20T10:00Z', 7 * 60, 'UTC', '2026-11-20T07:00'],
  ['2026-11-20T06:59Z', 7 * 60, 'UTC', '2026-11-19T07:00'],
  ['2026-11-20T07:00Z', 7 * 60, 'UTC', '2026-11-20T07:00'],
  ['2026-11-20T10:00Z', 7 * 60, 'Europe/Amsterdam', '2026-11-20T06:00'],
  // The clock was put forward at 01:00 UTC, and back at 01:00 UTC.
  ['2026-03-29T05:00Z', 1 * 60, 'Europe/Amsterdam', '2026-03-29T00:00'],
  ['2026-10-25T05:00Z', 1 * 60, 'Europe/Amsterdam', '2026-10-24T23:00'],
])('before %s, minute %i in %s was last at %s', (moment, minutes, zone, expected) => {
  expect(iso(lastOccurrence(at(moment), minutes, zone))).toBe(expected);
});
