import { expect, test } from 'vitest';
import { analyzeTest } from '../../../src/analysis/window/analyzeTest.ts';
import { summarizeTest } from '../../../src/analysis/window/summarizeTest.ts';
import { momentOf, readScenario } from './scenario.ts';

function summaryOf(text: string) {
  const { input, nameOf } = readScenario(text);
  const found = summarizeTest(analyzeTest(input));
  const route = found.route.map(({ ttl, addresses }) => `${ttl}${addresses.map(nameOf)}`);
  return { ...found, route: route.join(' ') };
}

test('the route in use has the destination where it belongs, not where its late answer put it', () => {
  expect(summaryOf('10:00 a b c d\n10:10 a b * * * d').route).toBe('1a 2b 3 4d');
  expect(summaryOf('10:00 a b d\n10:10 a * * * d').route).toBe('1a 2 3d');
});

test('a route that does not arrive ends with its last answer', () => {
  expect(summaryOf('10:00 a b c *27').route).toBe('1a 2b 3c');
  expect(summaryOf('10:00 *30').route).toBe('');
});

test('the route is in use since its variant came up, outages on it included', () => {
  const found = summaryOf('10:00 x6 a b d\n11:00 x6 a x d\n12:00 x6 a\n13:00 x2 a x d');
  expect(found.lastRouteChangeAt).toBe(momentOf('11:00'));
  expect(found.variants).toBe(2);
});

test('a route that was in use when the window began has no known change', () => {
  expect(summaryOf('10:00 x3 a b d\n10:30 x3 a').lastRouteChangeAt).toBeNull();
});

test('the figures are those of the newest trace', () => {
  const found = summaryOf('10:00 x3 a b d @ 12\n10:30 a b d @ 13');
  expect(found).toMatchObject({
    rttMs: 13,
    usualRttMs: 12,
    lossPct: 0,
    hops: 3,
    reached: true,
    lastTraceAt: momentOf('10:30'),
    traces: 4,
  });
});

test('a test without a trace has no figures', () => {
  expect(summaryOf('now: 10:00')).toMatchObject({
    rttMs: null,
    usualRttMs: null,
    lossPct: null,
    hops: null,
    reached: null,
    lastTraceAt: null,
    lastRouteChangeAt: null,
    route: '',
    state: 'stale',
  });
});
