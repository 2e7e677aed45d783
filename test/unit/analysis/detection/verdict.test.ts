import { expect, test } from 'vitest';
import { assessTimes } from '../../../../src/analysis/detection/verdict.ts';
import { effectText } from '../../../../src/model/change/changeLabels.ts';

const around = (ms: number, noiseMs: number) =>
  [0, 1, -1, 0.5, -0.5, 0.8, -0.8, 0.2].map((each) => ms + each * noiseMs);

test.each([
  { name: 'a shift far beyond the limit', after: around(40, 0.2), text: 'worse' },
  { name: 'a shift just beyond it', after: around(23.2, 2), text: 'probably worse' },
  { name: 'no shift', after: around(20.1, 0.2), text: 'no measurable effect' },
  { name: 'no shift in much noise', after: around(20, 8), text: 'probably no measurable effect' },
  { name: 'a shorter time', after: around(10, 0.2), text: 'better' },
])('$name: $text', ({ after, text }) => {
  const verdict = assessTimes({ before: around(20, 0.2), after, measuredTo: null });
  expect(effectText(verdict)).toBe(text);
});
