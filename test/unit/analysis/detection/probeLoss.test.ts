import { expect, test } from 'vitest';
import { createDetectionState, stepDetection } from '../../../../src/analysis/detection/step.ts';
import type { Change } from '../../../../src/model/change/change.ts';
import type { Trace } from '../../../../src/model/trace/trace.ts';
import { restarted } from './scenario.ts';

const destination = '203.0.113.9';
const hop = (ttl: number, address: string) => ({
  ...{ ttl, addresses: [address], mtu: null, error: null },
});
const whole = [hop(1, '198.51.100.1'), hop(2, '198.51.100.5'), hop(3, destination)];

/**
 * A run of mtr with ten probes; the destination answers `answered` of them, the second router two.
 */
function run(startedAt: number, answered: number): Trace {
  const hops = answered === 0 ? whole.slice(0, 2) : whole;
  return {
    startedAt,
    route: { hops, reached: answered > 0, pathMtu: null },
    rttMs: hops.map(({ ttl }) => 5 * ttl),
    probes: { sent: hops.map(() => 10), received: [10, 2, answered].slice(0, hops.length) },
  };
}

/**
 * Classes of the reports on runs ten minutes apart, and the runs that raise them; seventy runs
 * without loss come first.
 */
function changesFor(...answered: readonly number[]) {
  let state = createDetectionState('test', destination);
  const all = [...Array.from({ length: 70 }, () => 10), ...answered];
  const changes = all.flatMap((each, index): [number, Change][] => {
    const stepped = stepDetection(state, run(600 * (index + 1), each), new Map());
    // As stored from one run to the next.
    state = restarted(stepped.state);
    return stepped.events.flatMap((event) =>
      event.kind === 'change' ? [[index - 69, event.change]] : [],
    );
  });
  return changes.map(([at, change]) => ({ at, class: change.class, change }));
}

const times = <Value>(count: number, ...values: readonly Value[]) =>
  Array.from({ length: count }, () => values).flat();

test('probes lost in run after run are loss, with its share, though every run reaches the destination', () => {
  const [alarm, end, ...others] = changesFor(...times(12, 7), ...times(30, 10));
  expect(others).toEqual([]);
  expect(alarm).toMatchObject({
    ...{ at: 5, class: 'loss' },
    change: { severity: 'major', verdict: { lossBeforePct: 0, lossAfterPct: expect.closeTo(30) } },
  });
  expect(end).toMatchObject({ class: 'recovered', change: { closes: ['loss'] } });
});

test('a router that answers rarely, a probe now and then and one bad run are no loss', () => {
  expect(changesFor(...times(20, 10, 9, 10), 3, ...times(20, 10))).toEqual([]);
});

test('an outage is an outage even where every run has many probes', () => {
  expect(changesFor(...times(6, 0), ...times(20, 10)).map((each) => each.class)).toEqual([
    'unreachable',
    'recovered',
  ]);
});

test('one run without loss does not end a loss that all runs before it had', () => {
  const [alarm, ...others] = changesFor(...times(8, 7), 10, ...times(10, 7));
  expect(alarm?.class).toBe('loss');
  expect(others).toEqual([]);
});
