import { expect, test } from 'vitest';
import { play, readScenario } from './scenario.ts';

/** Reason and class of the first change of a scenario whose routers have no names. */
function firstReason(usual: string, next: string): string | undefined {
  const text = `# Routers without names.\nusual 60 ${usual} D\nnew 20 ${next} D`;
  return play(readScenario(text))[0]?.change.routeChange?.reason;
}

test('a route with other routers for most of the way is another way, though no name shows it', () => {
  expect(firstReason('a b~ c~ d~', 'a p~ q~ r~')).toBe('most_routers');
});

test('some other routers on a longer route may be those of the same place', () => {
  expect(firstReason('a b~ c~ d~ e~ f~ g~ h~ i~', 'a p~ q~ r~ e~ f~ g~ h~ i~')).toBe('routers');
  expect(firstReason('a b~ c~', 'a p~ q~')).toBe('routers');
});
