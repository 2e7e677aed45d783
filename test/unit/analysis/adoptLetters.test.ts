import { expect, test } from 'vitest';
import { adoptLetters } from '../../../src/analysis/window/adoptLetters.ts';
import type { TestAnalysis } from '../../../src/model/site/analysis.ts';
import { simulated } from '../../helpers/simulatedTest.ts';

const routes = { A: 'a1 b1', B: 'a1 c1', C: 'a1 d1' };

function newestOf({ variants }: TestAnalysis): Map<string, number> {
  return new Map(variants.map(({ letter, lastSeen }) => [letter, lastSeen]));
}

test('routes keep their letters when the window moves past the first of them', () => {
  const drawn = simulated({ routes, course: 'ABAABB' });
  const now = simulated({ routes, course: '.BAABBAB' });
  expect(now.series[0]?.variant).toBe('A');
  const named = adoptLetters(now, newestOf(drawn));
  expect(named?.series.map(({ variant }) => variant).join('')).toBe('BAABBAB');
  expect(named?.periods.map(({ variant }) => variant).join('')).toBe('BABAB');
  const ofLetter = (analysis: TestAnalysis | null, wanted: string) =>
    analysis?.variants.find(({ letter }) => letter === wanted)?.route;
  expect(ofLetter(named, 'B')).toEqual(ofLetter(drawn, 'B'));
});

test('a route may leave the window', () => {
  const drawn = simulated({ routes, course: 'ABBBB' });
  const named = adoptLetters(simulated({ routes, course: '.BBBBB' }), newestOf(drawn));
  expect(named?.variants.map(({ letter }) => letter)).toEqual(['B']);
});

test('a new route has no letter yet', () => {
  const drawn = simulated({ routes, course: 'ABAA' });
  expect(adoptLetters(simulated({ routes, course: 'ABAAC' }), newestOf(drawn))).toBeNull();
});

test('two letters of one route fit no more', () => {
  const analysis = simulated({ routes, course: 'AAAA' });
  const [first, second] = analysis.series.map(({ at }) => at);
  const twice = new Map([
    ['A', first as number],
    ['B', second as number],
  ]);
  expect(adoptLetters(analysis, twice)).toBeNull();
});
