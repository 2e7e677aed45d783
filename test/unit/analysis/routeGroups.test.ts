import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupRoutes } from '../../../src/analysis/window/routeGroups.ts';
import { areCompatible, type RouteShape } from '../../../src/analysis/window/routeShape.ts';

/** A shape from `a - c 4`: hops, and the ttl at which the destination answered; without one it did not. */
function shape(text: string): RouteShape {
  const parts = text.split(' ').filter(Boolean);
  const end = Number(parts.at(-1));
  const hops = parts.filter((part) => !/^\d+$/.test(part)).map((hop) => (hop === '-' ? [] : [hop]));
  return { hops, endFrom: hops.length + 1, endTo: end || Number.POSITIVE_INFINITY };
}

const letters = (...texts: string[]): string =>
  groupRoutes(texts.map(shape))
    .map((number) => String.fromCharCode(65 + number))
    .join('');

/** Paths of two to four hops over few routers, some silent, most of them arriving. */
const anyShape = fc
  .tuple(
    fc.array(fc.constantFrom('a', 'b', 'c', '-'), { minLength: 1, maxLength: 4 }),
    fc.constantFrom(0, 1, 1, 1, 3),
  )
  .map(([hops, beyond]) => {
    while (hops.at(-1) === '-') hops.pop();
    return shape(`${hops.join(' ')} ${beyond === 0 ? '' : hops.length + beyond}`);
  });

describe('groups of traces', () => {
  test('are numbered by first appearance', () => {
    expect(letters('a b 3', 'a c 3', 'a b 3', 'a d 3', 'a c 3')).toBe('ABACB');
  });

  test('a sparse trace belongs to the route in use', () => {
    expect(letters('a b 3', 'a - 3', 'a c 3', 'a - 3', 'a c 3')).toBe('AABBB');
  });

  test('a sparse trace that does not fit the routes around it belongs to the most frequent one', () => {
    expect(letters('a b c 4', 'a x c 4', 'a x c 4', 'q r s 4', 'a - c 4')).toBe('ABBCB');
  });

  test('a sparse first trace founds no group that swallows two routes', () => {
    expect(letters('- - 3', 'a b 3', 'a c 3', 'a b 3')).toBe('AABA');
    expect(letters('', 'a b 3', 'x y 3')).toBe('AAB');
    expect(letters('a', 'a b 3', 'a c 3')).toBe('AAB');
  });

  test('an answer replaces the silence of its group, and a later contradiction is another route', () => {
    expect(letters('a - c 4', 'a b c 4', 'a x c 4', 'a - c 4')).toBe('AABB');
  });

  test('the complete routes decide where half-silent ones belong, however many those are', () => {
    expect(letters('a - - 4', 'a - - 4', 'a b - 4', 'a - y 4', 'a b c 4', 'a x y 4')).toBe(
      'AAABAB',
    );
  });

  test('sparse traces that contradict each other do not share a group', () => {
    expect(letters('a b - e 5', 'a x - e 5', 'a - y e 5', 'a - z e 5')).toBe('ABBA');
  });

  test('all members of a group are compatible', () => {
    fc.assert(
      fc.property(fc.array(anyShape, { maxLength: 25 }), (shapes) => {
        const groups = groupRoutes(shapes);
        shapes.forEach((one, i) => {
          shapes.forEach((other, j) => {
            if (groups[i] === groups[j]) expect(areCompatible(one, other)).toBe(true);
          });
        });
      }),
    );
  });

  test('a trace changes the group only where it does not fit the one before', () => {
    fc.assert(
      fc.property(fc.array(anyShape, { minLength: 1, maxLength: 15 }), (shapes) => {
        const repeated = shapes.flatMap((own) => [own, own, own]);
        const groups = groupRoutes(repeated);
        for (let i = 0; i < groups.length; i += 3) {
          expect(new Set(groups.slice(i, i + 3)).size).toBe(1);
        }
      }),
    );
  });

  test('routes without silence form the same groups in whatever order they come', () => {
    const full = fc
      .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
      .map((hops) => shape(`${hops.join(' ')} ${hops.length + 1}`));
    fc.assert(
      fc.property(
        fc.array(full, { maxLength: 15 }).chain((shapes) =>
          fc.tuple(
            fc.constant(shapes),
            fc.shuffledSubarray([...shapes.keys()], {
              minLength: shapes.length,
            }),
          ),
        ),
        ([shapes, order]) => {
          const groups = groupRoutes(shapes);
          const shuffled = groupRoutes(order.map((index) => shapes[index] as RouteShape));
          for (let i = 1; i < order.length; i++) {
            const [a, b] = [order[i - 1] as number, order[i] as number];
            expect(shuffled[i - 1] === shuffled[i]).toBe(groups[a] === groups[b]);
          }
        },
      ),
    );
  });
});
