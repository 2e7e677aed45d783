import { expect, test } from 'vitest';
import { summarizeTest } from '../../../src/analysis/window/summarizeTest.ts';
import type { TestAnalysis } from '../../../src/model/site/analysis.ts';
import { isUpToDate, pageFacts } from '../../../src/report/pageFacts.ts';
import { site } from '../../helpers/mesh.ts';
import { type Course, midnight, simulated, testAlone } from '../../helpers/simulatedTest.ts';

const routes = { A: 'a1 b1', B: 'a1 c1', C: 'a1 d1' };
const calm = 'AAAAAAAABBBBBBBB';
const made = (course: Partial<Course> = {}) => simulated({ routes, course: calm, ...course });
const factsOf = (analysis: TestAnalysis, other: Partial<typeof site> = {}) =>
  pageFacts(testAlone(analysis, { ...site, ...other }));
const drawn = factsOf(made());

/** Whether pages of `made()` still show the facts of an analysis. */
function isShown(analysis: TestAnalysis, other?: Partial<typeof site>): boolean {
  return isUpToDate(drawn, factsOf(analysis, other), analysis.series[0]?.at ?? 0);
}

test('more traces over the same route are no news, and old ones may leave', () => {
  expect(isShown(made({ course: `${calm}BBB` }))).toBe(true);
  expect(isShown(made({ course: `...AAAAABBBBBBBBBBB` }))).toBe(true);
  expect(isShown(made(), { generatedAt: site.generatedAt + 600 })).toBe(true);
});

test.each([
  ['a new route', { course: `${calm}CCC` }],
  ['another of the known routes', { course: `${calm}AAA` }],
  ['an end of the answers', { course: `${calm}bbbbbbbb` }],
  ['another name on the way', { responders: { b1: { hostname: 'other' } } }],
  ['another AS', { responders: { b1: { asn: 64_511 } } }],
  ['a name of an end', { test: { source: { address: '192.0.2.1', name: 'renamed' } } }],
  ['a failed run', { failures: [{ at: midnight + 60, error: 'no reason given' } as const] }],
])('%s is news', (_, course) => {
  expect(isShown(made(course))).toBe(false);
});

test('another state is news, of the test and of the reverse direction', () => {
  const analysis = made();
  expect(isShown({ ...analysis, state: 'degraded' })).toBe(false);
  const withReverse = (state: TestAnalysis['state']) => {
    const reverse = { ...summarizeTest(analysis), state };
    return pageFacts({ ...testAlone(analysis, site), related: [reverse] });
  };
  expect(isUpToDate(withReverse('ok'), withReverse('ok'), 0)).toBe(true);
  expect(isUpToDate(withReverse('ok'), withReverse('changed'), 0)).toBe(false);
});

test.each([
  ['title', { title: 'Another mesh' }],
  ['version', { version: '99.0.0' }],
  ['notice of old data', { stale: { since: midnight, message: 'no results' } }],
  ['length of the window', { window: { from: 0, to: site.window.to } }],
])('another %s of the site is news', (_, other) => {
  expect(isShown(made(), other)).toBe(false);
});
