import { expect, test } from 'vitest';
import { isSharedKey } from '../../../src/analysis/sharedKey.ts';
import type { Trace } from '../../../src/model/trace/trace.ts';

const elmond = {
  key: 'a'.repeat(64),
  source: { address: '192.0.2.10', name: '192.0.2.10' },
};

const routes = new Map<string, Trace['route']>();
function trace(startedAt: number, first: string): Trace {
  const hop = { ttl: 1, addresses: first === '' ? [] : [first], mtu: null, error: null };
  const route = routes.get(first) ?? { hops: [hop], reached: true, pathMtu: null };
  routes.set(first, route);
  return { startedAt, route, rttMs: first === '' ? [] : [1], probes: null };
}

/** Pseudorandom numbers from 0 to 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const [one, other] = ['198.51.100.1', '203.0.113.1'];
const ascending = (traces: readonly Trace[]) =>
  traces.toSorted((a, b) => a.startedAt - b.startedAt);
const every = (seconds: number, count: number, make: (at: number) => Trace | []) =>
  Array.from({ length: count }, (_, slot) => make(slot * seconds)).flat();

test.each([10, 150, 300, 599])('hosts with traces %i s apart share a key', (offset) => {
  const traces = [
    ...every(600, 24, (at) => trace(at, one)),
    ...every(600, 24, (at) => trace(at + offset, other)),
  ];
  expect(isSharedKey(elmond, ascending(traces))).toBe(true);
});

test('they do if each run starts at random within its slot, and some are missing or silent', () => {
  for (let seed = 1; seed < 300; seed += 1) {
    const random = numbers(seed);
    const late = (at: number) => at + Math.floor(600 * random());
    const host = (first: string) =>
      every(600, 144, (at) =>
        random() < 0.01 ? [] : trace(late(at), random() < 0.01 ? '' : first),
      );
    expect(isSharedKey(elmond, ascending([...host(one), ...host(other)])), `${seed}`).toBe(true);
  }
});

test('one host behind two routers does not, in whatever order it takes them', () => {
  for (let seed = 1; seed < 1000; seed += 1) {
    const random = numbers(seed);
    const share = 0.1 + 0.8 * random();
    const late = (at: number) => at + Math.floor(600 * random());
    const drawn = every(600, 144, (at) => trace(late(at), random() < share ? one : other));
    expect(isSharedKey(elmond, drawn), `${seed}`).toBe(false);
    const held = 3 + Math.floor(10 * random());
    const turns = every(600, 144, (at) => trace(at, (at / 600 / held) % 2 < 1 ? one : other));
    expect(isSharedKey(elmond, turns), `${seed}`).toBe(false);
  }
});

test('a route that changes at its first hop is no second host', () => {
  const traces = every(600, 144, (at) => trace(at, at < 43_200 ? one : other));
  expect(isSharedKey(elmond, traces)).toBe(false);
});

test('a test whose source has a name, or from esmond, has one host', () => {
  const traces = every(300, 60, (at) => trace(at, at % 600 === 0 ? one : other));
  expect(isSharedKey(elmond, traces)).toBe(true);
  const named = { address: '192.0.2.10', name: 'ps.example.net' };
  expect(isSharedKey({ ...elmond, source: named }, traces)).toBe(false);
  expect(isSharedKey({ ...elmond, key: 'a'.repeat(32) }, traces)).toBe(false);
});
