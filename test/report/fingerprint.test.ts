import { expect, test } from 'vitest';
import { withHistory } from '../../src/analysis/withHistory.ts';
import type { SeriesPoint } from '../../src/model/analysis.ts';
import { testPagesFingerprint } from '../../src/report/fingerprint.ts';
import { site } from '../helpers/mesh.ts';
import { midnight, simulated, testAlone } from '../helpers/simulatedTest.ts';

const made = () => simulated({ routes: { A: 'a1 b1', B: 'a1 c1' }, course: 'AABA' });
const usual = testPagesFingerprint(testAlone(made(), site));

test('the same analysis made again has the same fingerprint', () => {
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

test.each(Object.entries(otherPoints))('another %s of one trace tells', (field, value) => {
  const analysis = made();
  const [first, ...rest] = analysis.series;
  const series = [{ ...first, [field]: value } as SeriesPoint, ...rest];
  expect(testPagesFingerprint(testAlone({ ...analysis, series }, site))).not.toBe(usual);
});

test('periods before the window tell, whether or not the window knows their route', () => {
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
