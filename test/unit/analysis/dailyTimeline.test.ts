import { describe, expect, it } from 'vitest';
import { buildDailyTimeline } from '../../../src/analysis/window/dailyTimeline.ts';
import { addressOf, type Course, midnight, simulated } from '../../helpers/simulatedTest.ts';

const routes = { A: 'gw a1 b1', B: 'gw a2 b1' };

function strip(course: string, over: Partial<Course> = {}): string {
  const analysis = simulated({ routes, course, ...over });
  return buildDailyTimeline(analysis, midnight + 86_400).timeline.slice(0, course.length);
}

describe('the timeline of a day', () => {
  it('a dot is the route before, a letter another one, and a day has 144 places', () => {
    expect(strip('AAABBA')).toBe('A..B.A');
    expect(
      buildDailyTimeline(simulated({ routes, course: 'A' }), midnight + 86_400).timeline,
    ).toHaveLength(144);
  });

  it('outages, failed runs and long gaps have marks, one late run has none', () => {
    expect(strip('AAAaaAAA')).toMatch(/^A\.\.××/);
    expect(strip('AA.AAA')).toBe('A. ...');
    expect(strip('AA.....AA')).toBe('A._____..');
    const failures = [{ at: midnight + 1800, error: 'no reason given' } as const];
    expect(strip('AAA.AA', { failures })).toBe('A..!..');
  });

  it('an outage shows although no trace of the window reached the destination', () => {
    const dead = simulated({ routes, course: 'aaaa' });
    expect(buildDailyTimeline(dead, midnight + 86_400).timeline.slice(0, 4)).toBe('A...');
    const known = buildDailyTimeline({ ...dead, answers: true }, midnight + 86_400);
    expect(known.timeline.slice(0, 4)).toBe('××××');
  });

  it('says nothing of the time before the window', () => {
    const window = { from: midnight + 3600, to: midnight + 7200 };
    const late = { ...simulated({ routes, course: '......AAAAAA' }), window };
    expect(buildDailyTimeline(late, midnight + 7200 + 6 * 600).timeline.slice(-18)).toBe(
      `${' '.repeat(6)}A.....${'_'.repeat(6)}`,
    );
  });

  it('earlier results are not part of it', () => {
    const analysis = simulated({ routes, course: 'A'.repeat(150) });
    const { timeline: text } = buildDailyTimeline(analysis, midnight + 86_400 + 3600);
    expect(text.slice(0, 138)).toBe(`A${'.'.repeat(137)}`);
  });
});

it('each change counts for the routers, links and ASes that only one of the two routes has', () => {
  const found = buildDailyTimeline(
    simulated({ routes: { A: 'gw a1 b1', B: 'gw c1 b1' }, course: 'AAAABBBBAAAA' }),
    midnight + 86_400,
  );
  expect(found.routeChanges).toBe(2);
  const contributors = found.contributors.map(
    ({ kind, name, routeChanges }) => `${kind} ${name} ${routeChanges}`,
  );
  const [gw, a1, c1, b1] = ['gw', 'a1', 'c1', 'b1'].map(addressOf);
  expect(contributors.sort()).toEqual(
    [
      ...[`as 64496 2`, `as 64498 2`, `router ${a1} 2`, `router ${c1} 2`],
      ...[`link ${gw} ${a1} 2`, `link ${a1} ${b1} 2`, `link ${gw} ${c1} 2`, `link ${c1} ${b1} 2`],
    ].sort(),
  );
});
