import { describe, expect, it } from 'vitest';
import { variantRanks } from '../../../src/report/route/variantRank.ts';
import { sortedRtts } from '../../../src/report/svg/placedSeries.ts';
import { type TestChart, testChart } from '../../../src/report/svg/testChart.ts';
import { timeAxis } from '../../../src/report/svg/timeAxis.ts';
import { type Course, midnight, simulated } from '../../helpers/simulatedTest.ts';

const routes = { A: 'a1 b1 c1', B: 'a1 d1 d2 c1' };

function chart(course: Partial<Course>): TestChart {
  const analysis = simulated({ routes, course: 'A', ...course });
  const drawn = testChart(analysis, variantRanks(analysis));
  if (drawn === null) throw new Error('no chart');
  return drawn;
}

/** Start and end of each horizontal stroke `Mx yHx`. */
function strokes(d: string): [number, number][] {
  return [...d.matchAll(/M([\d.]+) [\d.]+H([\d.]+)/g)].map(([, from, to]) => [
    Number(from),
    Number(to),
  ]);
}

/** All x of a path that consists of absolute M and L commands or dots. */
function xs(d: string): number[] {
  return [...d.matchAll(/M([\d.]+) /g)].map(([, x]) => Number(x));
}

describe('the time axis', () => {
  it('ends at the newest trace rounded up to the hour, not at the time of the run', () => {
    const early = chart({ course: 'A'.repeat(15), now: midnight + 9000 });
    const late = chart({ course: 'A'.repeat(15), now: midnight + 86400 });
    expect(early.to).toBe(midnight + 3 * 3600);
    expect(late).toEqual(early);
  });

  it('labels midnight with the date and other ticks with the hour', () => {
    const labels = chart({ course: 'A'.repeat(144) }).ticks.map(({ label }) => label);
    expect(labels.slice(0, 3)).toEqual(['20 Nov', '03:00', '06:00']);
    expect(labels.length).toBeLessThanOrEqual(9);
  });

  it.each([1, 3, 8, 24, 48, 72, 168, 336, 720])('has 3 to 9 labels for %i hours', (hours) => {
    const { ticks } = timeAxis(midnight, midnight + hours * 3600);
    expect(ticks.length).toBeGreaterThanOrEqual(3);
    expect(ticks.length).toBeLessThanOrEqual(9);
    expect(ticks.filter(({ minor }) => !minor).length).toBeLessThanOrEqual(5);
  });

  it('includes a failed run that is newer than every trace', () => {
    const failures = [{ at: midnight + 7000, error: 'no reason given' } as const];
    const drawn = chart({ course: 'AAA', failures });
    expect(drawn.to).toBe(midnight + 7200);
    expect(drawn.failed).toContain('M972.2');
  });
});

describe('the band of routes', () => {
  it('has one path per color, the usual route first, and a tick at each change', () => {
    const { band } = chart({ course: 'AAAAAA BBB AAA' });
    expect(band.segments.map(({ rank }) => rank)).toEqual([0, 1]);
    expect(strokes(band.segments[0]?.d ?? '')).toEqual([
      [0, 500],
      [750, 1000],
    ]);
    expect(xs(band.changes)).toEqual([500, 750]);
  });

  it('stops where results are missing; a gap is not a route change', () => {
    const { band } = chart({ course: 'AAA ...... BBB' });
    expect(band.changes).toBe('');
    expect(strokes(band.segments.map(({ d }) => d).join(''))).toEqual([
      [0, 250],
      [750, 1000],
    ]);
  });

  it('a single trace among two thousand stays visible', () => {
    const { band } = chart({ course: `${'A'.repeat(1000)}B${'A'.repeat(1000)}` });
    const [stroke] = strokes(band.segments[1]?.d ?? '');
    expect((stroke?.[1] ?? 0) - (stroke?.[0] ?? 0)).toBeGreaterThanOrEqual(2);
  });

  it('a single trace fills its interval', () => {
    expect(strokes(chart({ course: 'A' }).band.segments[0]?.d ?? '')).toEqual([[0, 166.7]]);
  });
});

describe('the RTT panel', () => {
  it('marks the time when the destination did not reply', () => {
    const { rtt } = chart({ course: 'AAA aaa AAAAAA' });
    expect(rtt.missed).toMatch(/^M250 .*H500V.*z$/);
  });

  it('draws no line across missed traces and gaps', () => {
    const { rtt } = chart({ course: 'AA a A .... AA' });
    expect(rtt.line.split('M').length - 1).toBe(3);
  });

  it('no bin crosses a persistent route change', () => {
    const { rtt } = chart({
      course: `${'A'.repeat(40)}${'B'.repeat(32)}`,
      rttMs: { A: 20, B: 50 },
    });
    const levels = new Set([...rtt.median.matchAll(/[MV](?:[\d.]+ )?([\d.]+)/g)].map(([, y]) => y));
    expect(levels.size).toBeLessThanOrEqual(4);
    expect(rtt.median).toContain('555.6');
  });

  it('no bin crosses the change to alternating routes, but alternation splits none', () => {
    const course = `${'A'.repeat(40)}${'BC'.repeat(16)}`;
    const { rtt } = chart({
      routes: { ...routes, C: 'a1 e1 e2 c1' },
      course,
      rttMs: { A: 20, B: 50, C: 50 },
    });
    expect(rtt.median).toMatch(/[HV][\d.]+H555\.6V/);
    expect(rtt.median.split('V').length).toBeLessThan(16);
  });

  it('one outlier does not flatten the rest', () => {
    const course = `${'A'.repeat(100)}B${'A'.repeat(43)}`;
    const { rtt } = chart({ course, rttMs: { A: 20, B: 3000 } });
    expect(Number(rtt.ticks.at(-1)?.label)).toBeLessThan(50);
    expect(rtt.aboveCount).toBe(1);
  });

  it('a spread of microseconds is not exaggerated', () => {
    const { ticks } = chart({ course: 'A'.repeat(30) }).rtt;
    const [low, high] = [Number(ticks[0]?.label), Number(ticks.at(-1)?.label)];
    expect(high - low).toBeGreaterThanOrEqual(2);
  });

  it('is empty but drawn when the destination never replies', () => {
    const { rtt } = chart({ course: 'a'.repeat(20) });
    expect(rtt.dots).toEqual([]);
    expect(rtt.missed).not.toBe('');
  });
});

it('the MTU panel exists only with known MTUs and marks drops', () => {
  expect(chart({ course: 'AAA' }).mtu).toBeNull();
  const { mtu } = chart({ course: 'AAA BBB', mtu: { A: 9000, B: 1500 } });
  expect(strokes(mtu?.full ?? '')).toEqual([[0, 500]]);
  expect(strokes(mtu?.reduced ?? '')).toEqual([[500, 1000]]);
  expect(mtu?.labels.map(({ label }) => label)).toEqual(['9000', '1500']);
});

it('the hop panel steps with the route', () => {
  const { hops } = chart({ course: 'AAA BBB' });
  expect(hops.ticks.map(({ label }) => label)).toEqual(['4', '5']);
  expect(hops.line).toBe('M0 260H500V232H1000');
});

it.each([5, 100])(
  '%i round-trip times come in order, those without an answer left out',
  (traces) => {
    const { series } = simulated({ routes, course: 'Aa'.repeat(traces) });
    const rtts = series.flatMap(({ rttMs }) => rttMs ?? []);
    expect(rtts).not.toEqual(rtts.toSorted((a, b) => a - b));
    expect(Array.from(sortedRtts(series))).toEqual(rtts.toSorted((a, b) => a - b));
  },
);
