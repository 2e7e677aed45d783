import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  areCompatible,
  combineShapes,
  type RouteShape,
  shapeOf,
} from '../../../src/analysis/window/routeShape.ts';
import type { Route, RouteHop } from '../../../src/model/trace/trace.ts';

/** A route from its hops: `-` is a silent one, `b,c` two answers; `d` is the destination. */
function route(text: string): Route {
  const hops = text.split(' ').map(
    (hop, i): RouteHop => ({
      ttl: i + 1,
      addresses: hop === '-' ? [] : hop.split(','),
      mtu: null,
      error: null,
    }),
  );
  const last = hops.findLast(({ addresses }) => addresses.length > 0);
  return { hops, reached: last?.addresses.includes('d') ?? false, pathMtu: null };
}

const shape = (text: string): RouteShape => shapeOf(route(text), 'd');
const agree = (a: string, b: string): boolean => areCompatible(shape(a), shape(b));

/** Any path of up to eight hops: silence, one answer or two, the destination perhaps at the end or in between. */
const anyHop = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', 'b', 'c', 'd') },
  fc.constant('-'),
  fc.constantFrom('a,b', 'b,c', 'c,d'),
);
const anyRoute = fc.array(anyHop, { minLength: 1, maxLength: 8 }).map((hops) => hops.join(' '));

describe('route comparison', () => {
  test('a silent hop is compatible with any answer at its ttl', () => {
    expect(agree('a b c d', 'a - c d')).toBe(true);
    expect(agree('a b c d', '- - - d')).toBe(true);
    expect(agree('a b c d', 'a x c d')).toBe(false);
  });

  test('the silence before the destination has any length', () => {
    expect(agree('a b d', 'a b - - d')).toBe(true);
    expect(agree('a b c d', 'a b - - d')).toBe(true);
    expect(agree('a b - - - d', 'a b - d')).toBe(true);
  });

  test('where the destination answered at a ttl, no router answers there on the same path', () => {
    expect(agree('a b d', 'a b c d')).toBe(false);
    expect(agree('a b d', 'a b c - d')).toBe(false);
  });

  test('"compatible" is not transitive', () => {
    expect(agree('a b d', 'a - - d') && agree('a - - d', 'a b c d')).toBe(true);
    expect(agree('a b d', 'a b c d')).toBe(false);
  });

  test('an unreached route is compatible with every route that begins like it', () => {
    expect(agree('a b', 'a b c d')).toBe(true);
    expect(agree('a b - -', 'a b d')).toBe(true);
    expect(agree('- - -', 'a b d')).toBe(true);
    expect(agree('a x', 'a b c d')).toBe(false);
  });

  test('an unreached route that continues at the ttl of the destination is not compatible', () => {
    expect(agree('a b c e', 'a b d')).toBe(false);
  });

  test('two sets are compatible when they share an address', () => {
    expect(agree('a b,c d', 'a c d')).toBe(true);
    expect(agree('a b,c d', 'a c,e d')).toBe(true);
    expect(agree('a b,c d', 'a e d')).toBe(false);
  });

  test('a test that starts at a later ttl is compared where it probed', () => {
    const late: Route = { ...route('c d'), hops: [3, 4].map((ttl) => hopAt(ttl)) };
    expect(areCompatible(shapeOf(late, 'd'), shape('a b c d'))).toBe(true);
    expect(areCompatible(shapeOf(late, 'd'), shape('a b x d'))).toBe(false);
    expect(shapeOf(late, 'd')).toMatchObject({ endFrom: 4, endTo: 4 });
  });

  test('a silent start of a test that begins at ttl 3 says nothing about the ttls before', () => {
    const [silent, answer] = [hopAt(3), hopAt(4)];
    const late: Route = { ...route('d'), hops: [{ ...silent, addresses: [] }, answer] };
    expect(shapeOf(late, 'd')).toEqual({ hops: [], endFrom: 3, endTo: 4 });
  });

  test('an answer seen together with another one does not join later routes', () => {
    const old = combineShapes(shape('a b,x d'), shape('a b d'));
    expect(areCompatible(old, shape('a b d'))).toBe(true);
    expect(areCompatible(old, shape('a x d'))).toBe(false);
  });

  test('is reflexive and symmetric', () => {
    fc.assert(
      fc.property(anyRoute, anyRoute, (a, b) => {
        expect(agree(a, a)).toBe(true);
        expect(agree(a, b)).toBe(agree(b, a));
      }),
    );
  });

  test('answers replaced by silence never make a route differ from itself', () => {
    fc.assert(
      fc.property(anyRoute, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), (a, mute) => {
        const hops = a.split(' ').map((hop, i) => (mute[i] ? '-' : hop));
        // A destination that also answered in the middle of its path would change places.
        fc.pre(
          !a
            .split(' ')
            .slice(0, -1)
            .some((hop) => hop.includes('d')),
        );
        expect(agree(a, hops.join(' '))).toBe(true);
      }),
    );
  });

  test('the combination of two compatible routes is compatible with both', () => {
    fc.assert(
      fc.property(anyRoute, anyRoute, (a, b) => {
        fc.pre(agree(a, b));
        const both = combineShapes(shape(a), shape(b));
        expect(areCompatible(both, shape(a)) && areCompatible(both, shape(b))).toBe(true);
        expect(both.endFrom).toBeLessThanOrEqual(both.endTo);
      }),
    );
  });
});

function hopAt(ttl: number): RouteHop {
  return { ttl, addresses: [ttl === 3 ? 'c' : 'd'], mtu: null, error: null };
}
