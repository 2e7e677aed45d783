import { expect, test } from 'vitest';
import { createDetectionState, stepDetection } from '../../../../src/analysis/detection/step.ts';
import type { Change } from '../../../../src/model/change/change.ts';
import type { Route, Trace } from '../../../../src/model/trace/trace.ts';

/** Two days of traces every 10 minutes: +50 ms after one day, every second one lost 6 h later. */
const traceCount = 288;
const slowerFrom = 144;
const lossyFrom = 180;

function route(...addresses: string[]): Route {
  const hops = addresses.map((address, index) => ({
    ttl: index + 1,
    addresses: [address],
    mtu: null,
    error: null,
  }));
  return { hops, reached: addresses.length === 3, pathMtu: null };
}

const whole = route('198.51.100.1', '203.0.113.1', '192.0.2.81');
const cut = route('198.51.100.1', '203.0.113.1');

function traceAt(index: number): Trace {
  const ms = (index >= slowerFrom ? 60 : 9.5) + (index % 7) / 10;
  const isLost = index >= lossyFrom && index % 2 === 0;
  const rttMs = [0.5, ms - 3, ...(isLost ? [] : [ms])];
  return { startedAt: index * 600, route: isLost ? cut : whole, rttMs, probes: null };
}

function changesTo(destination: string | null): Change[] {
  const found: Change[] = [];
  let state = createDetectionState('test', destination);
  for (let index = 0; index < traceCount; index += 1) {
    const step = stepDetection(state, traceAt(index), new Map());
    state = step.state;
    found.push(...step.events.flatMap((event) => (event.kind === 'change' ? [event.change] : [])));
  }
  return found;
}

test('a destination labelled with the other family, or by name only, is judged like any other', () => {
  const labelled = changesTo('192.0.2.81');
  expect(labelled.map((change) => change.class)).toEqual(['rtt_shift', 'loss']);
  expect(labelled[0]?.verdict.measuredTo).toBeNull();
  expect(changesTo('2001:db8:81::1')).toEqual(labelled);
  expect(changesTo(null)).toEqual(labelled);
});
