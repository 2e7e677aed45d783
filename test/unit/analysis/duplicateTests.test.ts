import { expect, test } from 'vitest';
import { duplicateTests, mergeTraces } from '../../../src/analysis/duplicateTests.ts';
import type { Test } from '../../../src/model/test.ts';
import type { Trace } from '../../../src/model/trace.ts';

const own = 'ps-a.example.net/esmond/perfsonar/archive';
const central = 'ma.example.org/esmond/perfsonar/archive';

function kept(id: string, archive: string, other: Partial<Test> = {}): Test {
  return {
    id,
    archive,
    key: id,
    tool: 'traceroute',
    source: { address: '192.0.2.1', name: 'ps-a.example.net' },
    destination: { address: '198.51.100.1', name: 'ps-b.example.org' },
    family: 4,
    intervalSeconds: 600,
    taskName: null,
    parameters: { 'trace-max-ttl': '30', 'ip-packet-size': '60' },
    ...other,
  };
}

const ids = (tests: readonly Test[]) =>
  duplicateTests(tests).map((same) => same.map(({ id }) => id));

test('one test in two archives is one, whatever the order of its parameters', () => {
  const parameters = { 'ip-packet-size': '60', 'trace-max-ttl': '30' };
  expect(ids([kept('a', own), kept('b', central, { parameters })])).toEqual([['a', 'b']]);
});

test('another tool, family, direction or parameter is another test', () => {
  const ends = { source: kept('x', own).destination, destination: kept('x', own).source };
  const tests = [
    kept('a', own),
    kept('b', central, { tool: 'tracepath' }),
    kept('c', central, { family: 6 }),
    kept('d', central, ends),
    kept('e', central, { parameters: { 'trace-max-ttl': '64', 'ip-packet-size': '60' } }),
  ];
  expect(ids(tests)).toEqual([['a'], ['b'], ['c'], ['d'], ['e']]);
});

test('when an archive has the test twice, the match is ambiguous and all stay separate', () => {
  expect(ids([kept('a', own), kept('b', central), kept('c', central)])).toEqual([
    ['a'],
    ['b'],
    ['c'],
  ]);
});

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
