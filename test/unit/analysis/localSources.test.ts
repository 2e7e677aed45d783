import { expect, test } from 'vitest';
import {
  groupLocalSources,
  type LocalTestResults,
} from '../../../src/analysis/window/mesh/localSources.ts';

const end = (name: string) => ({ name, address: null });

/** A test of a source with mtr, with the given results. */
function results(
  source: string,
  destination: string,
  resultParts: Omit<LocalTestResults, 'test'>,
  tool = 'mtr',
): LocalTestResults {
  const test = {
    ...{ id: `${source}-${destination}`, archive: 'local', key: '', tool, family: 4 as const },
    ...{ source: end(source), destination: end(destination) },
    ...{ intervalSeconds: 600, taskName: null, parameters: {} },
  };
  return { test, ...resultParts };
}

const fine = { traces: 10, failures: [], newestTraceAt: 900 };
const failures = [
  { at: 300, error: 'no reason given' } as const,
  { at: 1000, error: 'the name cannot be resolved' } as const,
];

test('results are counted by source and tool, and tests that fail now are named', () => {
  const found = groupLocalSources([
    results('z', 'b', { traces: 4, failures, newestTraceAt: 700 }),
    results('z', 'a', { traces: 0, failures, newestTraceAt: null }),
    results('z', 'c', { traces: 2, failures: failures.slice(0, 1), newestTraceAt: 700 }),
    results('a', 'b', fine, 'traceroute'),
  ]);
  expect(found).toEqual([
    {
      source: 'a',
      tool: 'traceroute',
      tests: 1,
      traces: 10,
      failures: 0,
      newestAt: 900,
      failing: [],
    },
    {
      ...{ source: 'z', tool: 'mtr', tests: 3, traces: 6, failures: 5, newestAt: 1000 },
      failing: ['a', 'b'].map((destination) => ({
        ...{
          testId: `z-${destination}`,
          destination,
          at: 1000,
          error: 'the name cannot be resolved',
        },
      })),
    },
  ]);
});

test('a source without results for long stays, with the time of its last one; a source that never had any is absent', () => {
  const nothing = { traces: 0, failures: [] };
  const found = groupLocalSources([
    results('z', 'a', { ...nothing, newestTraceAt: 5 }),
    results('y', 'a', { ...nothing, newestTraceAt: null }),
  ]);
  expect(found).toMatchObject([{ source: 'z', tests: 0, traces: 0, newestAt: 5 }]);
});
