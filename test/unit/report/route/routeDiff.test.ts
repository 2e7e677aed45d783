import { describe, expect, it } from 'vitest';
import type { PatternHop } from '../../../../src/model/site/analysis.ts';
import { asPathDiff, routeDiff } from '../../../../src/report/route/routeDiff.ts';

/**
 * `a b/c * d`: one hop per word, `/` between several responders, `*` for silence; AS by first
 * letter.
 */
function route(text: string): PatternHop[] {
  return text.split(' ').map((word, index) => ({
    ttl: index + 1,
    addresses: word === '*' || word === '' ? [] : word.split('/'),
    asn: word === '*' ? null : word.charCodeAt(0),
  }));
}

function shown(older: string, newer: string): string[] {
  const { rows } = routeDiff(route(older), route(newer));
  return rows.map(
    ({ mark, left, right }) =>
      `${mark} ${left?.addresses.join('/') ?? '-'} ${right?.addresses.join('/') ?? '-'}`,
  );
}

describe('two routes side by side', () => {
  it('a route does not differ from itself', () => {
    expect(routeDiff(route('a b c d'), route('a b c d'))).toMatchObject({
      changed: 0,
      merges: null,
    });
  });

  it.each([
    ['a b c d', 'a * c d'],
    ['a * c d', 'a b c d'],
    ['* * * d', 'a b c d'],
    ['* * *', 'a b c'],
    ['a b * d', 'a * c d'],
  ])('a silent hop may be any router: %s | %s', (older, newer) => {
    expect(routeDiff(route(older), route(newer)).changed).toBe(0);
  });

  it('an inserted hop is one line; later hops stay the same', () => {
    expect(shown('a b c d e', 'a x b c d e')).toEqual([
      '= a a',
      '+ - x',
      '= b b',
      '= c c',
      '= d d',
      '= e e',
    ]);
  });

  it('a removed hop is one line', () => {
    expect(shown('a b c d', 'a c d')).toEqual(['= a a', '- b -', '= c c', '= d d']);
  });

  it('load-sharing addresses in another order are the same hop', () => {
    expect(routeDiff(route('a b/c d'), route('a c/b d')).changed).toBe(0);
    expect(routeDiff(route('a b/c d'), route('a c d')).changed).toBe(0);
  });

  it('of two new routers, the one in the same AS is the replacement', () => {
    expect(shown('a b1 d', 'a b2 c9 d')).toEqual(['= a a', '~ b1 b2', '+ - c9', '= d d']);
    expect(shown('a b1 d', 'a c9 b2 d')).toEqual(['= a a', '+ - c9', '~ b1 b2', '= d d']);
  });

  it('finds the last common hop before and the first one after the difference', () => {
    const diff = routeDiff(route('a b c d e'), route('a x y d e'));
    expect(diff.diverges?.addresses).toEqual(['a']);
    expect(diff.merges?.addresses).toEqual(['d']);
    expect(diff.changed).toBe(2);
  });

  it('routes that never merge have no merge hop; routes that differ from the start have no divergence hop', () => {
    const diff = routeDiff(route('a b c'), route('x y z'));
    expect(diff).toMatchObject({ changed: 3, diverges: null, merges: null });
  });

  it('compared with an empty route, all hops are new', () => {
    expect(routeDiff([], route('a b')).rows.map(({ mark }) => mark)).toEqual(['+', '+']);
    expect(routeDiff([], []).rows).toEqual([]);
  });

  it('every hop of both sides appears once, in order', () => {
    const [older, newer] = [route('a b c d e f'), route('a q c r s f')];
    const { rows } = routeDiff(older, newer);
    expect(rows.flatMap(({ left }) => left ?? [])).toEqual(older);
    expect(rows.flatMap(({ right }) => right ?? [])).toEqual(newer);
  });
});

it('a replaced AS is one removed and one added AS', () => {
  expect(asPathDiff([64500, 64501, 64510], [64500, 64502, 64510])).toEqual([
    { mark: '=', asn: 64500 },
    { mark: '-', asn: 64501 },
    { mark: '+', asn: 64502 },
    { mark: '=', asn: 64510 },
  ]);
});
