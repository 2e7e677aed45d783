import { expect, test } from 'vitest';
import { mergeTraces } from '../../../src/analysis/mergeSeries.ts';
import type { Trace } from '../../../src/model/trace/trace.ts';

const at = (startedAt: number, pathMtu: number | null = null): Trace => ({
  startedAt,
  route: { hops: [], reached: false, pathMtu },
  rttMs: [],
  probes: null,
});

test('a run that both archives hold counts once, and each fills the gaps of the other', () => {
  const merged = mergeTraces([
    [at(100, 1500), at(700, 1500)],
    [at(100, 9000), at(400, 9000), at(1000, 9000)],
  ]);
  expect(merged.map(({ startedAt, route }) => [startedAt, route.pathMtu])).toEqual([
    [100, 1500],
    [400, 9000],
    [700, 1500],
    [1000, 9000],
  ]);
});

test('the series of a single archive stays as it is', () => {
  const series = [at(100), at(200)];
  expect(mergeTraces([series, []])).toBe(series);
});
