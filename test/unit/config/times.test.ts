import { expect, test } from 'vitest';
import { parseTime, parseTimeOfDayRange, parseWeekly } from '../../../src/config/times.ts';

test.each([
  ['Tue 22:00-02:00', [2], 1320, 120],
  ['Mon-Fri 06:00-06:30', [1, 2, 3, 4, 5], 360, 390],
  ['fri-mon 6:00 - 6:30', [0, 1, 5, 6], 360, 390],
  ['Saturday, Sun 00:00-24:00', [0, 6], 0, 1440],
  ['daily 03:00-04:00', [0, 1, 2, 3, 4, 5, 6], 180, 240],
])('%s', (written, weekdays, from, to) => {
  expect(parseWeekly(written)).toEqual({ weekdays, span: { from, to } });
});

test.each([
  '',
  'Tue',
  '22:00-02:00',
  'Tux 22:00-02:00',
  'Tues 22:00-02:00',
  'Tue 22:00',
  'Mon-Tue-Wed 22:00-23:00',
  'Mon, 22:00-23:00',
  7,
])('%j is no weekly span', (written) => {
  expect(parseWeekly(written)).toBeNull();
});

test.each(['07:00-07:00', '24:00-07:00', '7-8', '07:60-08:00', '07:00-08:00-09:00', 7])(
  '%j is no span of the day',
  (written) => {
    expect(parseTimeOfDayRange(written)).toBeNull();
  },
);

test('a time is one of TOML or ISO 8601, and more than a time of day', () => {
  expect(parseTime(new Date('2026-03-01T12:00:00.500Z'))).toBe(Date.UTC(2026, 2, 1, 12) / 1000);
  expect(parseTime('2026-03-01T12:00')).toBe(Date.UTC(2026, 2, 1, 12) / 1000);
  expect(parseTime(new Date('0000-01-01T07:30:00Z'))).toBeNull();
  expect(parseTime(true)).toBeNull();
});
