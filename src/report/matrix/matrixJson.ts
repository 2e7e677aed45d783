import { roundDecimals } from '../../lib/roundDecimals.ts';
import type { Run } from '../../model/run/run.ts';
import type { MatrixCell, MeshAnalysis } from '../../model/site/analysis.ts';
import { publicSchemaVersion } from '../../model/site/publicSchema.ts';
import { isoTime } from '../../model/values/format.ts';
import { isoOrNull, jsonBody, viewJson, windowJson } from '../jsonFile.ts';
import type { Page, SiteContext } from '../page.ts';
import { testHref } from './matrixCell.ts';

/** `data/matrix.json`; see `schemas/matrix.schema.json`. `runs`: newest first. */
export function matrixJson(mesh: MeshAnalysis, runs: readonly Run[], site: SiteContext): Page {
  return {
    path: 'data/matrix.json',
    body: jsonBody(() => ({
      schemaVersion: publicSchemaVersion,
      generatedAt: site.generatedAt,
      generatedAtIso: isoTime(site.generatedAt),
      ...viewJson(site.viewOf),
      window: windowJson(mesh.window),
      archives: archives(mesh, runs[0]),
      sources: mesh.sources.map(({ address, name }) => ({ address, name })),
      destinations: mesh.destinations.map(({ address, name }) => ({ address, name })),
      cells: mesh.cells.values().map(cellJson),
      problems: runs[0]?.problems ?? [],
    })),
  };
}

/** All archives that have a test here or that the newest run queried, sorted by identity. */
function archives(mesh: MeshAnalysis, run: Run | undefined): object[] {
  const tests = new Map<string, number>();
  for (const { test } of mesh.tests) tests.set(test.archive, (tests.get(test.archive) ?? 0) + 1);
  const queriedArchives = new Map(run?.archives.map((archive) => [archive.archive, archive]));
  return [...new Set([...tests.keys(), ...queriedArchives.keys()])].sort().map((archive) => ({
    archive,
    url: queriedArchives.get(archive)?.url ?? null,
    ok: queriedArchives.get(archive)?.ok ?? null,
    tests: tests.get(archive) ?? 0,
  }));
}

function cellJson(cell: MatrixCell): object {
  const testId = cell.testIds[0];
  return {
    source: cell.source,
    destination: cell.destination,
    family: cell.family,
    testIds: cell.testIds,
    state: cell.state,
    stateSince: cell.stateSince,
    stateSinceIso: isoOrNull(cell.stateSince),
    stateReason: cell.stateReason,
    otherStates: cell.otherStates,
    rttMs: roundDecimals(cell.rttMs),
    usualRttMs: roundDecimals(cell.usualRttMs),
    usualFrom: cell.usualFrom,
    usualFromIso: isoOrNull(cell.usualFrom),
    usualTo: cell.usualTo,
    usualToIso: isoOrNull(cell.usualTo),
    lossPct: roundDecimals(cell.lossPct),
    hops: cell.hops,
    pathMtu: cell.pathMtu,
    asPath: cell.asPath,
    reached: cell.reached,
    lastTraceAt: cell.lastTraceAt,
    lastTraceAtIso: isoOrNull(cell.lastTraceAt),
    lastRouteChangeAt: cell.lastRouteChangeAt,
    lastRouteChangeAtIso: isoOrNull(cell.lastRouteChangeAt),
    page: testId === undefined ? null : testHref(testId),
  };
}
