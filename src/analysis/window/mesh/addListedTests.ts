import type { MatrixCell, MeshAnalysis } from '../../../model/site/analysis.ts';
import { type Endpoint, endpointId, type Test } from '../../../model/test/test.ts';
import { compareEndpoints, compareTests } from '../../ordering.ts';
import { untestedCell } from './untestedCell.ts';

/** Adds an `untested` cell for each of these tests without results, unless its pair has a cell. */
export function addListedTests(mesh: MeshAnalysis, tests: readonly Test[]): MeshAnalysis {
  const cells = new Map(mesh.cells.map((cell) => [cellKey(cell), cell]));
  const missing = tests.toSorted(compareTests).filter((test) => {
    const { source, destination, family, archive } = test;
    const reason = `The archive ${archive} lists this test but has no result of it yet.`;
    const cell = untestedCell(source, destination, family, reason);
    if (cells.has(cellKey(cell))) return false;
    cells.set(cellKey(cell), cell);
    return true;
  });
  return {
    ...mesh,
    sources: withEnds(
      mesh.sources,
      missing.map(({ source }) => source),
    ),
    destinations: withEnds(
      mesh.destinations,
      missing.map(({ destination }) => destination),
    ),
    cells: [...cells.values()],
  };
}

function cellKey({ source, destination, family }: MatrixCell): string {
  return JSON.stringify([source, destination, family]);
}

function withEnds(known: readonly Endpoint[], more: readonly Endpoint[]): Endpoint[] {
  const ids = new Set(known.map(endpointId));
  const added = more.filter((end) => {
    const isNew = !ids.has(endpointId(end));
    ids.add(endpointId(end));
    return isNew;
  });
  return [...known, ...added.map(({ address, name }) => ({ address, name }))].sort(
    compareEndpoints,
  );
}
