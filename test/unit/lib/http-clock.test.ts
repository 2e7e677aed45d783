import { expect, test } from 'vitest';
import { type ServerClock, updateServerClock } from '../../../src/lib/http/serverClock.ts';

const now = Date.UTC(2026, 10, 20, 12, 40);
const date = (ahead: number) => new Date(now + 1000 * ahead).toUTCString();

function ahead(...answers: readonly Record<string, string | string[]>[]): number | null {
  const clock: ServerClock = { offsetSeconds: null };
  for (const headers of answers) updateServerClock(clock, headers, now);
  return clock.offsetSeconds;
}

test('responses show the clock of a server; cached ones count with their age', () => {
  expect(ahead({ date: date(0) })).toBe(0);
  expect(ahead({ date: date(-7200) })).toBe(-7200);
  expect(ahead({ date: date(-7200), age: '7190' })).toBe(-10);
  expect(ahead({ date: date(-7200) }, { date: date(3) }, { date: date(-60) })).toBe(3);
});

test('a response without a time changes nothing', () => {
  expect(ahead()).toBeNull();
  expect(ahead({})).toBeNull();
  expect(ahead({ date: 'soon' })).toBeNull();
  expect(ahead({ date: [date(0), date(9)] })).toBeNull();
  expect(ahead({ date: date(5), age: '-1' }, { date: date(5), age: '1e99' })).toBe(5);
});
