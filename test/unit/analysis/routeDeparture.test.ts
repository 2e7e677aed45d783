import { describe, expect, test } from 'vitest';
import { findFlappingStart } from '../../../src/analysis/window/flapping.ts';
import { findDeparture } from '../../../src/analysis/window/routeDeparture.ts';
import { stepsOfLetters, variantsWith } from './dailyTimelineSamples.ts';

const sameAs = variantsWith(...Array.from({ length: 26 }, () => [64496]));

/** `A>B@12`: off the usual route A on B since step 12; `usual` when it is not. */
function judged(letters: string, variants = sameAs, hours = 48): string {
  const steps = stepsOfLetters(letters);
  const to = steps.at(-1)?.at ?? 0;
  const found = findDeparture(steps, variants, { from: to - hours * 3600, to });
  return found === null ? 'usual' : `${found.usual.letter}>${found.current.letter}@${found.from}`;
}

const many = (letter: string, count: number): string => letter.repeat(count);

describe('change of route', () => {
  test('three traces on a route never seen before are one, two are not', () => {
    expect(judged(`${many('A', 12)}BBB`)).toBe('A>B@12');
    expect(judged(`${many('A', 12)}BB`)).toBe('usual');
  });

  test('two are enough when they bring a network never seen before', () => {
    const variants = variantsWith([64496], [64496, 64497]);
    expect(judged(`${many('A', 20)}BB`, variants)).toBe('A>B@20');
    expect(judged(`${many('A', 20)}B`, variants)).toBe('usual');
  });

  test('a young test has no usual route yet', () => {
    expect(judged('AAAAABBB')).toBe('usual');
    expect(judged('AAAAAABBB')).toBe('A>B@6');
  });

  test('where every trace differs, three more new ones are nothing new', () => {
    expect(judged('ABCDEFGHIJKLMNOPQRST')).toBe('usual');
    expect(judged('ABCDEFGHIJKLMNOPPP')).toBe('usual');
  });

  test('load sharing that is learned leaves new routes visible', () => {
    expect(judged('ABABBAABAABBABABBABAAB CCC')).toBe('A>C@22');
  });

  test('a change of two new routes counts from the first', () => {
    expect(judged(`${many('A', 20)}BBBBCCC`)).toBe('A>C@20');
  });

  test('the way back to the usual route is none', () => {
    expect(judged(`${many('A', 20)}BBBBBBAAA`)).toBe('usual');
  });

  test('a route that had a fifth of the traces is known, a rare one is not', () => {
    expect(judged(`${many('A', 20)}${many('B', 40)}${many('A', 10)}`)).toBe('usual');
    expect(judged(`${many('A', 60)}BBB${many('A', 20)}BBB`)).toBe('A>B@83');
  });

  test('the most frequent of many routes is the usual one, however often it comes in a row', () => {
    const mixed = 'ABCDEFGHIJ'.repeat(5);
    expect(judged(`${mixed}A${many('A', 6)}`)).toBe('usual');
    expect(judged(`${mixed}A${many('B', 6)}`)).toBe('A>B@51');
  });

  test('what has held for a day, or half of the window, is usual', () => {
    expect(judged(`${many('A', 200)}${many('B', 144)}`, sameAs, 96)).toBe('A>B@200');
    expect(judged(`${many('A', 200)}${many('B', 145)}`, sameAs, 96)).toBe('usual');
    expect(judged(`${many('A', 40)}${many('B', 20)}`, sameAs, 6)).toBe('usual');
  });
});

describe('flapping', () => {
  test('two routes that hold for a few traces each and come back', () => {
    expect(findFlappingStart(stepsOfLetters('AAAABBBBBAAAAAABBBBAAAAABBBBAA'))).toBe(0);
  });

  test('five replacements are needed', () => {
    expect(findFlappingStart(stepsOfLetters('AAAAAABBBBBBAAAAAABBBBBBAAAAAA'))).toBe(-1);
    expect(findFlappingStart(stepsOfLetters('AAAAAABBBBBBAAAAAABBBBBBAAAAAABBBBBB'))).toBe(0);
  });

  test('routes drawn at random hold for three traces now and then', () => {
    expect(findFlappingStart(stepsOfLetters('ABABABABABABAAABBBAAABBBAAABBBAAABBB'))).toBe(-1);
  });

  test('a route that did not hold ends the alternation', () => {
    const since = findFlappingStart(stepsOfLetters('AAAAB AAAABBBBBAAAAAABBBBAAAAABBBB'));
    expect(since).toBe(5);
  });

  test('a third route ends the alternation', () => {
    const since = findFlappingStart(stepsOfLetters('CCCC AAAABBBBBAAAAAABBBBAAAAABBBB'));
    expect(since).toBe(4);
  });
});
