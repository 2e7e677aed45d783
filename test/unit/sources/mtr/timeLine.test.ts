import { expect, test } from 'vitest';
import { parseTimeLine } from '../../../../src/sources/mtr/timeLine.ts';

const seconds = Date.parse('2026-03-04T05:06:07Z') / 1000;

test.each([
  'Wed Mar  4 05:06:07 UTC 2026',
  'Wed Mar  4 05:06:07 AM UTC 2026',
  'Wed  4 Mar 06:06:07 CET 2026',
  'Wed 04 Mar 2026 12:06:07 AM EST',
  'Wed, 04 Mar 2026 06:06:07 +0100',
  '2026-03-04T06:06:07+0100',
  '2026-03-04 06:06:07+01:00',
  '2026-03-04 00:06:07 -0500',
  '2026-03-04T05:06:07.123Z',
  '2026-03-04 05:06:07 UTC',
  '20260304T050607Z',
  String(seconds),
  '=== 2026-03-04T05:06:07Z ===',
  '--- Wed Mar  4 05:06:07 UTC 2026 ---',
  '[2026-03-04 05:06:07 UTC]',
  '# Wed, 04 Mar 2026 05:06:07 +0000',
])('%s is a time', (line) => {
  expect(parseTimeLine(line)).toBe(
    line.includes('12:06:07 AM') ? Date.parse('2026-03-04T00:06:07-05:00') / 1000 : seconds,
  );
});

test('without a zone, a time is local', () => {
  const local = new Date(2026, 2, 4, 5, 6, 7).getTime() / 1000;
  expect(parseTimeLine('2026-03-04 05:06:07')).toBe(local);
  expect(parseTimeLine('Wed Mar  4 05:06:07 2026')).toBe(local);
  expect(parseTimeLine('Wed Mar  4 05:06:07 PM 2026')).toBe(local + 12 * 3600);
});

test.each([
  '',
  '2026',
  'run 7 at Wed Mar  4 05:06:07 UTC 2026',
  'Wed Mar  4 05:06:07 IST 2026',
  'Wed Mar  4 2026',
  'Mar Mar 4 05:06:07 UTC 2026',
  '2026-13-04T05:06:07Z',
])('%j is not a time', (line) => {
  expect(parseTimeLine(line)).toBeNull();
});
