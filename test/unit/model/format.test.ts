import { describe, expect, it } from 'vitest';
import {
  asLabel,
  asPathText,
  formatAge,
  formatBytes,
  formatCount,
  formatDuration,
  formatHundredths,
  formatInterval,
  formatMs,
  formatMsCell,
  formatMsChange,
  formatPercent,
  formatRoundDuration,
  formatShare,
  pluralize,
  timeCell,
  timeText,
  utcClock,
  utcSpan,
} from '../../../src/model/values/format.ts';

describe('milliseconds', () => {
  it('carry about three digits in a sentence', () => {
    expect([0, 0.42, 0.996, 3.44, 99.94, 99.96, 148.4, 1250].map(formatMs)).toEqual([
      '0.0 ms',
      '0.42 ms',
      '1.0 ms',
      '3.4 ms',
      '99.9 ms',
      '100 ms',
      '148 ms',
      '1,250 ms',
    ]);
  });

  it('have two digits below a millisecond, and line up above it, in a column', () => {
    expect([0.04, 0.4, 9.96, 148.42].map(formatMsCell)).toEqual(['0.040', '0.40', '10.0', '148.4']);
  });

  it('show their sign as a difference, ± for no change', () => {
    expect([18.2, -0.4, -1250, 0.04, -0.04].map(formatMsChange)).toEqual([
      '+18.2 ms',
      '−0.40 ms',
      '−1,250 ms',
      '±0 ms',
      '±0 ms',
    ]);
  });

  it('for a script have at most two decimals, without trailing zeros', () => {
    const values = [0, 0.004, 0.005, 0.1, 0.994, 0.996, 9.99, 10.5, 148.25, 148.256, 1250];
    const rounded = values.map((value) => String(Math.round(value * 100) / 100));
    expect(values.map(formatHundredths)).toEqual(rounded);
  });

  it('are a dash, not zero, when unknown', () => {
    expect([formatMs(null), formatMsCell(null)]).toEqual(['–', '–']);
  });
});

describe('percentages', () => {
  it('read 0% and 100% only when exact', () => {
    expect([0, 0.02, 0.35, 9.94, 13.2, 99.97, 100, null].map(formatPercent)).toEqual([
      '0%',
      '<0.1%',
      '0.3%',
      '9.9%',
      '13%',
      '>99%',
      '100%',
      '–',
    ]);
  });

  it('come from a share', () => {
    expect(formatShare(0.714)).toBe('71%');
  });
});

describe('times', () => {
  it('name their zone', () => {
    expect(timeText(1795178640)).toEqual({
      iso: '2026-11-20T12:44:00Z',
      text: '2026-11-20 12:44 UTC',
    });
    expect(utcClock(1795178640)).toBe('12:44 UTC');
  });

  it('form a span that names the second day only if it differs', () => {
    expect(utcSpan(1795178640, 1795178700)).toBe('2026-11-20 12:44 to 12:45 UTC');
    expect(utcSpan(1795178640, 1795265040)).toBe('2026-11-20 12:44 to 2026-11-21 12:44 UTC');
  });

  it('drop fractions of a second instead of rounding into the future', () => {
    expect(timeText(1795178640.99).iso).toBe('2026-11-20T12:44:00Z');
  });

  it('in a column leave the zone to the header; an unknown time is a dash without a datetime', () => {
    expect(timeCell(1795178640).text).toBe('2026-11-20 12:44');
    expect(timeCell(null)).toEqual({ iso: '', text: '–' });
  });

  it('give no negative age when clocks disagree', () => {
    expect([formatAge(240), formatAge(7200), formatAge(-30)]).toEqual([
      '4 minutes',
      '2 hours',
      '0 seconds',
    ]);
  });

  it('give an age in one unit', () => {
    const ages = [1, 59.6, 3599, 86_399, 1.6 * 86_400, 4000 * 86_400].map(formatAge);
    expect(ages).toEqual(['1 second', '1 minute', '1 hour', '1 day', '2 days', '4,000 days']);
  });
});

describe('durations', () => {
  it('have at most two units, with hours up to two days', () => {
    expect([0, 59.4, 60, 597, 3599, 12000, 86400, 172790, 187200].map(formatDuration)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '10 min',
      '1 h',
      '3 h 20 min',
      '24 h',
      '2 d',
      '2 d 4 h',
    ]);
  });

  it('are never negative', () => {
    expect(formatDuration(-5)).toBe('0 s');
  });

  it('formats a span for a narrow cell in one unit', () => {
    expect([600, 3599, 3600, 12_000, 172_799, 172_800].map(formatRoundDuration)).toEqual([
      '10 min',
      '1 h',
      '1 h',
      '3 h',
      '2 d',
      '2 d',
    ]);
  });
});

describe('counts and sizes', () => {
  it('separate thousands and agree in number', () => {
    expect([formatCount(1234567), pluralize(1, 'trace'), pluralize(2400, 'trace')]).toEqual([
      '1,234,567',
      '1 trace',
      '2,400 traces',
    ]);
  });

  it('show bytes in decimal units', () => {
    expect([0, 812, 999.6, 1234, 1834000, 99_960_000, 2e12].map(formatBytes)).toEqual([
      '0 B',
      '812 B',
      '1.0 kB',
      '1.2 kB',
      '1.8 MB',
      '100 MB',
      '2.0 TB',
    ]);
  });
});

describe('AS numbers', () => {
  it('have their prefix, in path order', () => {
    expect([asLabel(64500), asLabel(null)]).toEqual(['AS64500', '–']);
    expect(asPathText([64500, 64501])).toBe('AS64500 → AS64501');
    expect([asPathText([]), asPathText([], 'unknown')]).toEqual(['–', 'unknown']);
  });
});

it('calls an interval what was configured', () => {
  const texts = [511, 600, 644, 3700, 86_400, 480].map(formatInterval);
  expect(texts).toEqual(['10 min', '10 min', '10 min', '1 h', '24 h', '8 min']);
});
