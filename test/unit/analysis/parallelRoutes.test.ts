import { describe, expect, test } from 'vitest';
import { joinParallelRoutes } from '../../../src/analysis/window/parallelRoutes.ts';
import type { RouteShape } from '../../../src/analysis/window/routeShape.ts';

const before = 'a '.repeat(12);

/** The routes by letter; `-`: the trace did not see the router that distinguishes them. */
const routes: Record<string, string> = {
  a: 'r s t',
  b: 'r u t w',
  c: 'r v t w',
  d: 'r v t w x',
  e: '1 2 3 4 5 w',
  f: '6 7 8 9 0 w',
  g: '1 2 3 9 5 w',
};

/** The number of routes that remain of a sequence. */
function left(course: string, asn: Record<string, number> = {}): string {
  const letters = course.trim().split(/\s+/);
  const shapes = letters.map((letter): RouteShape => {
    const hops = (routes[letter.charAt(0)] ?? '').split(' ').map((name) => [name]);
    if (letter.endsWith('-')) hops[1] = [];
    return { hops, endFrom: hops.length + 1, endTo: hops.length + 1 };
  });
  const kinds = [...new Set(letters.map((letter) => letter.charAt(0)))];
  const numbers = letters.map((letter) => kinds.indexOf(letter.charAt(0)));
  const joined = joinParallelRoutes(numbers, shapes, (address) => asn[address] ?? null);
  const names = joined.map((number) => String.fromCharCode(97 + number));
  return [...new Set(names)]
    .map((name) => `${name}${names.filter((n) => n === name).length}`)
    .join(' ');
}

describe('routes that are new to a test', () => {
  test('are one as soon as they have replaced each other three times', () => {
    expect(left(`${before} b c c`)).toBe('a12 b1 c2');
    expect(left(`${before} b c b`)).toBe('a12 b2 c1');
    expect(left(`${before} b c b c`)).toBe('a12 b4');
  });

  test('stay two when each holds for longer than chance allows', () => {
    expect(left(`${before} ${'b b b b b c c c c c '.repeat(2)}`)).toBe('a12 b10 c10');
  });

  test('are one through a temporary return to the usual route', () => {
    expect(left(`${before} b c a a b c a`)).toBe('a15 b4');
  });

  test('are compared by the traces that show the difference', () => {
    const stuck = 'b- b- b- b- c- c- c- c-';
    expect(left(`${before} b ${stuck} c b ${stuck} c`)).toBe('a12 b20');
  });

  test('stay two when they are of unequal length, in two ASes, or differ over more than four ttls', () => {
    expect(left(`${before} b d b d b d`)).toBe('a12 b3 c3');
    expect(left(`${before} b c b c b c`, { u: 64_496, v: 64_497 })).toBe('a12 b3 c3');
    expect(left(`${before} e f e f e f`)).toBe('a12 b3 c3');
    expect(left(`${before} e g e g e g`)).toBe('a12 b6');
  });

  test('never become one with the usual route', () => {
    expect(left('b b b b b b c b c b c b c')).toBe('a9 b4');
  });
});
