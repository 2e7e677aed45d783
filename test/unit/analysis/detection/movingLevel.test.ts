import { expect, test } from 'vitest';
import type { Change } from '../../../../src/model/change/change.ts';
import { play, readScenario } from './scenario.ts';

/** The rises of a path that is slower by these milliseconds, trace by trace, after 100 calm ones. */
function risesOf(extraMs: readonly number[]): Change[] {
  const phases = extraMs.map((ms, nth) => `rise${nth} 1 a b c D +${ms}ms`);
  return play(readScenario(['usual 100 a b c D', ...phases].join('\n'))).map(
    ({ change }) => change,
  );
}

const traces = 30;

test('a step to a level that holds is worth a notification', () => {
  const rises = risesOf(Array.from({ length: traces }, () => 20));
  expect(rises).toMatchObject([{ class: 'rtt_shift', severity: 'moderate' }]);
});

test.each([
  ['rises on', (nth: number) => 20 + 1.5 * nth],
  ['falls back', (nth: number) => Math.max(0, 40 - 2.5 * nth)],
])('a step to a level that %s is congestion, for the page at most', (_, levelMs) => {
  const rises = risesOf(Array.from({ length: traces }, (_each, nth) => levelMs(nth)));
  expect(rises.filter(({ severity }) => severity !== 'info')).toEqual([]);
});

test('the page shows a step that falls back as unsure', () => {
  const [rise] = risesOf(Array.from({ length: traces }, (_, nth) => Math.max(0, 40 - 2.5 * nth)));
  expect(rise).toMatchObject({ class: 'rtt_shift', severity: 'info' });
  expect(rise?.confidence).toBeLessThan(0.5);
});
