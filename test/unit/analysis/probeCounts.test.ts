import { describe, expect, test } from 'vitest';
import { computeLossShare, countProbes } from '../../../src/analysis/window/probeCounts.ts';
import type { Trace } from '../../../src/model/trace/trace.ts';
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

  test('a flow that gets to the destination one hop later is not lost', () => {
    const hop = (ttl: number, ...addresses: string[]) => ({
      ...{ ttl, addresses, mtu: null, error: null },
    });
    const hops = [hop(1, '198.51.100.1'), hop(2, '203.0.113.9'), hop(3, '203.0.113.9')];
    const run = (...received: number[]): Trace => ({
      ...{ startedAt: 0, rttMs: [1, 2, 2], probes: { sent: [4, 4, 1], received } },
      route: { hops, reached: true, pathMtu: null },
    });
    expect(computeLossShare(run(4, 3, 1), 1)).toBe(0);
    expect(computeLossShare(run(4, 2, 1), 1)).toBe(0.25);
  });
});
