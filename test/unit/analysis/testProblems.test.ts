import { describe, expect, test } from 'vitest';
import { analyzeTest, type TestInput } from '../../../src/analysis/window/analyzeTest.ts';
import { familyOfTraces } from '../../../src/analysis/window/testProblems.ts';
import type { Route, Trace } from '../../../src/model/trace/trace.ts';
import { detectedMemory } from '../../helpers/detectedMemory.ts';
import { sampleTest } from './scenario.ts';

function trace(startedAt: number, ...addresses: string[]): Trace {
  const hops = addresses.map((address, i) => ({
    ttl: i + 1,
    addresses: [address],
    mtu: null,
    error: null,
  }));
  const route: Route = { hops, reached: false, pathMtu: null };
  return { startedAt, route, rttMs: addresses.map(() => 1), probes: null };
}

function input(traces: readonly Trace[], change: Partial<TestInput> = {}): TestInput {
  const window = {
    test: sampleTest(),
    traces,
    failures: [],
    responders: new Map(),
    window: { from: 0, to: 86_400 },
    now: 86_400,
    ...change,
  };
  return { ...window, memory: detectedMemory(window) };
}

describe('problems of what an archive lists', () => {
  test('the family comes from the hops, and a pair listed with the other one is a problem', () => {
    const test = sampleTest({
      source: { address: '2001:db8::1', name: 'source.example' },
      destination: { address: '2001:db8::2', name: 'destination.example' },
      family: 6,
    });
    const lost = trace(85_700, '192.0.2.1');
    const arrived = [86_000, 86_300, 86_350].map((at) => {
      const { route, ...rest } = trace(at, '192.0.2.1', '192.0.2.2');
      return { ...rest, route: { ...route, reached: true, pathMtu: 1400 }, rttMs: [1, 9.5] };
    });
    const analysis = analyzeTest(input([lost, ...arrived], { test }));
    expect(analysis.test.family).toBe(4);
    expect(analysis.problems).toMatchObject([{ kind: 'invalid-response', subject: 'test' }]);
    expect(analysis.problems[0]?.message).toContain('Label and traces disagree');
    const { rttMs, usualRttMs, lossPct, hops, state } = analysis;
    const figures = { rttMs: 9.5, usualRttMs: 9.5, lossPct: 25, hops: 2, state: 'ok' };
    expect({ rttMs, usualRttMs, lossPct, hops, state }).toEqual(figures);
  });

  test('the family is that of the last hop of the newest trace with a reply', () => {
    expect(familyOfTraces([])).toBeNull();
    expect(familyOfTraces([trace(1, '127.0.0.1', '2001:db8::1')])).toBe(6);
    expect(familyOfTraces([trace(1, '2001:db8::1'), trace(2, '192.0.2.1'), trace(3)])).toBe(4);
  });

  test('traces of two hosts under one key are noticed by their first hops', () => {
    const mixed = [0, 1, 2, 3].flatMap((run) => [
      trace(80_000 + 600 * run, '192.0.2.1', '192.0.2.9'),
      trace(80_010 + 600 * run, '198.51.100.1', '192.0.2.9'),
    ]);
    const [problem] = analyzeTest(input(mixed)).problems;
    expect(problem?.message).toMatch(/^4 times, two traces less than 30 s apart/);
  });

  test('one such moment, or runs in their slots, do not suggest two hosts', () => {
    const once = [trace(80_000, '192.0.2.1'), trace(80_010, '198.51.100.1')];
    const shared = [0, 1, 2, 3, 4].map((run) =>
      trace(80_000 + 300 * run, run % 2 === 0 ? '192.0.2.1' : '198.51.100.1'),
    );
    expect(analyzeTest(input(once)).problems).toEqual([]);
    expect(analyzeTest(input(shared)).problems).toEqual([]);
  });
});
