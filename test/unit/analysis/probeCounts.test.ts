import { describe, expect, test } from 'vitest';
import { computeLossShare, countProbes } from '../../../src/analysis/window/probeCounts.ts';
import type { Trace } from '../../../src/model/trace.ts';
import { type Course, simulated } from '../../helpers/simulatedTest.ts';

const routes = { A: 'a1 b1 c1', B: 'a1 b1 c1' };
/** The second router answers rarely; on B three of ten probes get lost behind it. */
const received = { A: [10, 3, 10, 10], B: [10, 3, 7, 7] };
const mtr = (course: string, more: Partial<Course> = {}) =>
  simulated({ routes, received, course, ...more });

const clean = 'A'.repeat(30);

describe('a test whose traces have many probes', () => {
  test('has the loss of its probes, though every trace reaches the destination', () => {
    expect(mtr(`${clean}${'B'.repeat(10)}`).lossPct).toBeCloseTo(7.5);
    expect(mtr(clean).lossPct).toBe(0);
    expect(mtr(`${'A'.repeat(9)}a`).lossPct).toBeCloseTo(10);
  });

  test('is degraded when several of its newest traces lose more than is usual', () => {
    expect(mtr(`${clean}BABABAAAB`)).toMatchObject({
      state: 'degraded',
      stateReason:
        '30% of the probes lost in 4 of the last 18 traces, usually in 0% of the traces.',
    });
    expect(mtr(`${clean}BABABAAAA`).state).toBe('ok');
  });

  test('is not degraded by loss that it always has, but by more of it', () => {
    const usual = 'B'.repeat(30);
    expect(mtr(`${usual}${'B'.repeat(18)}`).state).toBe('ok');
    const worse = { ...received, C: [10, 3, 4, 4] };
    const found = mtr(`${usual}${'C'.repeat(18)}`, {
      routes: { ...routes, C: routes.A },
      received: worse,
    });
    expect(found).toMatchObject({ state: 'degraded' });
    expect(found.stateReason).toContain('60% of the probes lost in 18 of the last 18');
  });

  test('three probes a hop do not measure loss: hosts limit how often they answer', () => {
    const hop = (ttl: number, address: string) => ({
      ...{ ttl, addresses: [address], mtu: null, error: null },
    });
    const hops = [hop(1, '198.51.100.1'), hop(2, '203.0.113.9')];
    const run = (sent: number): Trace => ({
      ...{ startedAt: 0, rttMs: [1, 2], probes: { sent: [sent, sent], received: [sent, 1] } },
      route: { hops, reached: true, pathMtu: null },
    });
    expect(computeLossShare(run(3), 1)).toBe(0);
    expect(countProbes([run(4), run(3)], [])).toBeNull();
    expect(computeLossShare(run(4), 1)).toBe(0.75);
    expect(countProbes([run(4), run(4)], [])?.get(2)).toMatchObject({ sent: 8, received: 2 });
  });
});
