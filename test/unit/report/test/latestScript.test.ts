import { expect, test } from 'vitest';
import type { TestAnalysis } from '../../../../src/model/site/analysis.ts';
import { html } from '../../../../src/report/html.ts';
import { chartPoints, parseChartPoints } from '../../../../src/report/test/chartPoints.ts';
import { drawHeadParts, drawPageParts } from '../../../../src/report/test/latestDrawing.ts';
import {
  type LatestScript,
  latestScript,
  readLatestScript,
} from '../../../../src/report/test/latestScript.ts';
import { testView } from '../../../../src/report/test/testView.ts';
import { type Course, midnight, simulated } from '../../../helpers/simulatedTest.ts';

const routes = { A: 'a1 * b1/b2', B: 'a1 c1 c2' };
const probed = { A: [10, 9, 8, 10], B: [10, 10, 10, 10] };

function scriptOf(analysis: TestAnalysis, drawnAt: number | null): LatestScript {
  const { latest } = testView(analysis);
  const { body } = latestScript('test', latest, analysis.series, drawnAt);
  const [, json = ''] = /^window\.pstraceLatest = (.*);\n$/.exec(String(body)) ?? [];
  return JSON.parse(json);
}

const noPicture = () => html``;
const texts = (parts: object) =>
  Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, String(part)]));

test.each<[string, Course]>([
  ['one probe a hop', { routes, course: `${'AB'.repeat(30)}AAAA` }],
  ['ten probes a hop', { routes, course: 'AAAAAAAAAABBBBBBBBBBBB', received: probed }],
  ['an outage', { routes, course: 'AAAAAAAAAAAAAAAAaaaaaaaa' }],
  [
    'failures',
    {
      routes,
      course: 'AAAA.AAA',
      failures: [{ at: midnight + 2400, error: 'no reason given' } as const],
    },
  ],
  ['no trace', { routes, course: '...' }],
])('scripts draw %s as the page would', (_, course) => {
  const analysis = simulated(course);
  const { latest } = testView(analysis);
  const drawnAt = analysis.series.at(-4)?.at ?? null;
  const read = readLatestScript(scriptOf(analysis, drawnAt));
  const old = analysis.series.filter(({ at }) => at <= (drawnAt ?? 0));
  const onPage = parseChartPoints(chartPoints(old, midnight), midnight);
  const joined = [...onPage, ...read.points];
  expect(texts(drawHeadParts(read.values))).toEqual(texts(drawHeadParts(latest)));
  const shown = drawPageParts(read.values, joined, noPicture);
  const drawn = drawPageParts(latest, analysis.series, noPicture);
  expect(texts(shown.parts)).toEqual(texts(drawn.parts));
});

test('carries only the points that the page lacks', () => {
  const analysis = simulated({ routes, course: 'A'.repeat(144) });
  const drawnAt = analysis.series.at(-3)?.at as number;
  expect(scriptOf(analysis, drawnAt).points.split(';')).toHaveLength(2);
});
