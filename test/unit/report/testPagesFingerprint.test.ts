import { expect, test } from 'vitest';
import { summarizeTest } from '../../../src/analysis/window/summarizeTest.ts';
import { withHistory } from '../../../src/analysis/window/withHistory.ts';
import type { HopStatistics, SeriesPoint } from '../../../src/model/site/analysis.ts';
import { testPagesFingerprint } from '../../../src/report/testPagesFingerprint.ts';
import { site } from '../../helpers/mesh.ts';
import { type Course, midnight, simulated, testAlone } from '../../helpers/simulatedTest.ts';

const made = () => simulated({ routes: { A: 'a1 b1', B: 'a1 c1' }, course: 'AABA' });
const usual = testPagesFingerprint(testAlone(made(), site));

test('the same analysis has the same fingerprint', () => {
  expect(testPagesFingerprint(testAlone(made(), site))).toBe(usual);
});

const otherPoints: Required<{ [Field in keyof SeriesPoint]: SeriesPoint[Field] }> = {
  at: midnight + 1,
  variant: 'AA',
  rttMs: null,
  reached: false,
  hops: 4,
  pathMtu: 1500,
};

test.each(Object.entries(otherPoints))('another %s of one trace changes it', (field, value) => {
  const analysis = made();
  const [first, ...rest] = analysis.series;
  const series = [{ ...first, [field]: value } as SeriesPoint, ...rest];
  expect(testPagesFingerprint(testAlone({ ...analysis, series }, site))).not.toBe(usual);
});

const otherStatistics: { [Field in keyof HopStatistics]: HopStatistics[Field] } = {
  ttl: 9,
  address: '198.51.100.250',
  samples: 7,
  lastMs: 0.5,
  minMs: 0.5,
  q1Ms: 0.5,
  medianMs: 0.5,
  q3Ms: 0.5,
  maxMs: 0.5,
  stdevMs: 0.5,
  thresholdMs: null,
  status: 'warn',
};

test.each(Object.entries(otherStatistics))('another %s of one hop changes it', (field, value) => {
  const analysis = made();
  const [first, ...rest] = analysis.hopStatistics;
  const hopStatistics = [{ ...first, [field]: value } as HopStatistics, ...rest];
  expect(testPagesFingerprint(testAlone({ ...analysis, hopStatistics }, site))).not.toBe(usual);
});

test('periods before the window change it, whether or not the window has their route', () => {
  const analysis = made();
  const [known] = analysis.periods;
  if (known === undefined) throw new Error('no period');
  const day = { from: midnight - 90_000, to: midnight - 80_000, traces: 9, continues: false };
  const other = [{ ttl: 1, addresses: ['198.51.100.77'], asn: null }];
  const histories = [
    [],
    [{ ...known, ...day }],
    [{ ...known, ...day, traces: 8 }],
    [{ ...known, ...day, reached: false }],
    [{ ...known, ...day, route: other }],
  ].map((kept) => withHistory(analysis, kept, new Map()));
  const named = { address: '198.51.100.77', hostname: 'r', asn: null, asName: null };
  histories.push(
    withHistory(analysis, [{ ...known, ...day, route: other }], new Map([[named.address, named]])),
  );
  const prints = histories.map((history) =>
    testPagesFingerprint({ ...testAlone(analysis, site), history }),
  );
  expect(new Set(prints).size).toBe(prints.length);
});

test('equal numbers do not change it, however the engine stores them', () => {
  const analysis = made();
  const asPath = [...analysis.asPath, 0.5].slice(0, -1);
  expect(asPath).toEqual(analysis.asPath);
  expect(testPagesFingerprint(testAlone({ ...analysis, asPath }, site))).toBe(usual);
});

test('the time of the last listing does not change it, for the test and for related tests', () => {
  const print = (lastListedAt: number) => {
    const analysis = made();
    const listed = { ...analysis, test: { ...analysis.test, lastListedAt } };
    return testPagesFingerprint({ ...testAlone(listed, site), related: [summarizeTest(listed)] });
  };
  expect(print(midnight)).toBe(print(midnight + 600));
});

test.each([
  ['lost probes', { received: { A: [10, 10, 10], B: [10, 9, 10] } }],
  ['another name', { responders: { b1: { hostname: 'other' } } }],
  ['another AS', { responders: { b1: { asn: 64_511 } } }],
  ['another tool', { test: { tool: 'tracepath' } }],
  ['a failure', { failures: [{ at: midnight, error: 'another reason' } as const] }],
  ['another time', { rttMs: { A: 21 } }],
])('%s changes the fingerprint', (_, course) => {
  const probed = { A: [10, 10, 10], B: [10, 10, 10] };
  const print = (own: Partial<Course>) => {
    const routes = { A: 'a1 b1', B: 'a1 c1' };
    const analysis = simulated({ routes, course: 'AABA', received: probed, ...own });
    return testPagesFingerprint(testAlone(analysis, site));
  };
  expect(print(course)).not.toBe(print({}));
});

test('the visible length of the route in an outage changes it', () => {
  const analysis = made();
  const [first, ...rest] = analysis.periods;
  if (first === undefined) throw new Error('no period');
  const periods = [{ ...first, route: first.route.slice(0, 1) }, ...rest];
  expect(testPagesFingerprint(testAlone({ ...analysis, periods }, site))).not.toBe(usual);
});
