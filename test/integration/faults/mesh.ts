import {
  eventType,
  type FakeResult,
  type FakeTest,
  hop,
  metadata,
} from '../../helpers/fakeArchive.ts';

/** 2026-11-20 12:40:00 UTC: the clock of the compared runs. */
export const noon = 1795178400;

/** Metadata key of the test with this number. */
export const keyOf = (number: number) => String(number).padStart(32, '0');

/** Interval of the results, seconds. */
export const spacing = 600;

/**
 * A varied mesh: names, AS numbers, silent hops, load balancing, a reroute, a dead destination,
 * failed runs. Test n runs from 192.0.2.n; its `count` results end at `last`.
 */
export function livelyMesh(tests: number, count: number, last: number): FakeTest[] {
  return Array.from({ length: tests }, (_, index) => livelyTest(index + 1, count, last));
}

/** The test of this number in a varied mesh. */
export function livelyTest(number: number, count: number, last: number): FakeTest {
  const times = Array.from({ length: count }, (_, index) => last - spacing * index - number);
  return {
    metadata: metadata({
      'metadata-key': keyOf(number),
      source: `192.0.2.${number}`,
      'input-source': `ps-${number}.example.net`,
      'event-types': [eventType('packet-trace', 2e9), eventType('failures', 2e9)],
    }),
    results: {
      'packet-trace': times.map((ts) => ({ ts, val: hopsOf(number, ts) })),
      failures: times.filter((ts) => ts % 7 === 0).map(failureAt),
    },
  };
}

function failureAt(ts: number): FakeResult {
  return { ts: ts + 300, val: { error: 'connect: Network is unreachable' } };
}

function hopsOf(number: number, ts: number): Record<string, unknown>[] {
  const rerouted = number % 3 === 0 && Math.floor(ts / 14_400) % 2 === 0;
  const shared = Math.floor(ts / spacing) % 2;
  const router = (index: number) => `198.51.100.${(index * 31 + number) % 250}`;
  const addresses = [
    router(1),
    number % 4 === 0 ? '' : router(2),
    router(3 + shared),
    router(rerouted ? 7 : 5),
    '',
    router(6),
    number % 5 === 0 ? '' : '203.0.113.9',
  ];
  return addresses.map((ip, index) => {
    const rtt = (index + 1) * 3 + (ts % 97) / 10;
    const name = { hostname: `r${ip.split('.').at(-1)}.example.org` };
    const as = { number: 64496 + (index >> 1), owner: `EXAMPLE-${index >> 1}, ZZ` };
    return ip === '' ? hop(index + 1) : { ...hop(index + 1, ip, rtt), ...name, as };
  });
}
