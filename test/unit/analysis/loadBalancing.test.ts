import { describe, expect, test } from 'vitest';
import {
  findLoadBalancing,
  foldLoadBalancing,
} from '../../../src/analysis/window/loadBalancing.ts';
import type { RouteShape } from '../../../src/analysis/window/routeShape.ts';

/** One hop per letter, the destination behind it; `bs` is a hop with two answers, `-` silence. */
function shapes(hops: string): RouteShape[] {
  return hops
    .split(' ')
    .map((hop) => ({ hops: [hop === '-' ? [] : [...hop]], endFrom: 2, endTo: 2 }));
}

function sets(hops: string, asn: Record<string, number> = {}): string[] {
  const { representatives } = findLoadBalancing(shapes(hops), (address) => asn[address] ?? null);
  const groups = Map.groupBy(representatives.get(0) ?? [], ([, standIn]) => standIn);
  return [...groups.values()].map((group) =>
    group
      .map(([address]) => address)
      .sort()
      .join(''),
  );
}

describe('load balancing', () => {
  test('addresses that alternate at a ttl share the load', () => {
    expect(sets('b s b b s b s s b')).toEqual(['bs']);
  });

  test('a route change and the return are no load balancing', () => {
    expect(sets('b b b b s s s s b b b b')).toEqual([]);
  });

  test('single visits to the same router become load balancing at the third', () => {
    expect(sets('b b b s b b b b s b b b')).toEqual([]);
    expect(sets('b b b s b b b b s b b b s b b')).toEqual(['bs']);
  });

  test('two routes that hold for a while each alternate too rarely', () => {
    expect(sets(`${'b b b b b s s s s s '.repeat(4)}b`)).toEqual([]);
  });

  test('routers before and after a reroute are two sets', () => {
    expect(sets('b s b s s b b s b s b x y x x y x y y x y')).toEqual(['bs', 'xy']);
  });

  test('silence in between does not matter', () => {
    expect(sets('b - s - b b - s b - - s s b')).toEqual(['bs']);
  });

  test('one trace that saw both shows it, unless they otherwise stay separate', () => {
    expect(sets('bs b s b')).toEqual(['bs']);
    expect(sets(`${'b '.repeat(10)}bs${' s'.repeat(10)}`)).toEqual([]);
  });

  test('addresses of different ASes never represent each other, unknown ones may', () => {
    const turns = 'b s b b s b s s b';
    expect(sets(turns, { b: 64496, s: 64497 })).toEqual([]);
    expect(sets(turns, { b: 64496, s: 64496 })).toEqual(['bs']);
    expect(sets(turns, { b: 64496 })).toEqual(['bs']);
  });

  test('lengths that take turns leave the place of the destination open within them', () => {
    const lengths = [4, 5, 4, 5, 5, 4, 4, 5, 4, 5].map((end) => ({
      hops: [['a']],
      endFrom: end,
      endTo: end,
    }));
    const sharing = findLoadBalancing(lengths, () => null);
    expect(sharing.lengths).toEqual([{ from: 4, to: 5 }]);
    const open = { hops: [['a']], endFrom: 2, endTo: Number.POSITIVE_INFINITY };
    expect(foldLoadBalancing(lengths[0] as RouteShape, sharing)).toMatchObject({
      endFrom: 4,
      endTo: 5,
    });
    expect(foldLoadBalancing({ hops: [], endFrom: 9, endTo: 9 }, sharing).endTo).toBe(9);
    expect(foldLoadBalancing(open, sharing)).toEqual(open);
  });
});
