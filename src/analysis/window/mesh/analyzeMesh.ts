import type { MeshAnalysis, TestSummary } from '../../../model/site/analysis.ts';
import { type Endpoint, endpointId } from '../../../model/test/test.ts';
import type { Interval, Responder } from '../../../model/trace/trace.ts';
import { compareEndpoints, compareTests, compareText } from '../../ordering.ts';
import { buildCells } from './matrixCells.ts';
import { buildTopology } from './topology.ts';

/** One endpoint per identity, under the name that most tests give it, sorted by name. */
function distinctEndpoints(ends: readonly Endpoint[]): Endpoint[] {
  const groups = Map.groupBy(ends, endpointId);
  const endpoints = Array.from(groups.values(), (group) => {
    const names = [...Map.groupBy(group, ({ name }) => name)];
    const [best] = names.sort((a, b) => b[1].length - a[1].length || compareText(a[0], b[0]));
    return { address: group[0]?.address ?? null, name: best?.[0] ?? '' };
  });
  return endpoints.sort(compareEndpoints);
}

/**
 * Builds the matrix and the graph of the routes in use from the tests of a mesh. The order of the
 * input does not matter.
 */
export function analyzeMesh(
  summaries: readonly TestSummary[],
  responders: ReadonlyMap<string, Responder>,
  window: Interval,
): MeshAnalysis {
  const tests = summaries.toSorted((a, b) => compareTests(a.test, b.test));
  return {
    window,
    sources: distinctEndpoints(tests.map(({ test }) => test.source)),
    destinations: distinctEndpoints(tests.map(({ test }) => test.destination)),
    cells: buildCells(tests),
    tests,
    topology: buildTopology(tests, responders),
  };
}
