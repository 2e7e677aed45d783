import { expect, test } from 'vitest';
import { states } from '../../../src/model/site/analysis.ts';
import { endpointId } from '../../../src/model/test/test.ts';
import { lastRttIndex, type Route } from '../../../src/model/trace/trace.ts';

function route(...hops: string[][]): Route {
  return {
    hops: hops.map((addresses, i) => ({ ttl: i + 1, addresses, mtu: null, error: null })),
    reached: true,
    pathMtu: null,
  };
}

test('the time of the last hop stands behind those of all addresses before it', () => {
  expect(lastRttIndex(route(['192.0.2.1'], ['192.0.2.2', '192.0.2.3'], [], ['192.0.2.4']))).toBe(3);
  expect(lastRttIndex(route(['192.0.2.1'], ['192.0.2.2', '192.0.2.3']))).toBe(1);
});

test('a silent end has no time of its own, an empty route has none at all', () => {
  expect(lastRttIndex(route(['192.0.2.1'], []))).toBe(0);
  expect(lastRttIndex(route([], []))).toBe(-1);
  expect(lastRttIndex(route())).toBe(-1);
});

test('a host without an address is known by its name', () => {
  expect(endpointId({ address: '192.0.2.1', name: 'host.example' })).toBe('192.0.2.1');
  expect(endpointId({ address: null, name: 'host.example' })).toBe('host.example');
});

test('a destination that no longer answers is worse than anything, data that is old worse than none', () => {
  expect(states[0]).toBe('unreached');
  expect(states.indexOf('ok')).toBeLessThan(states.indexOf('stale'));
  expect(states.at(-1)).toBe('untested');
});
