import type { MeshChanges } from '../model/change/changeRecord.ts';
import type { Run } from '../model/run/run.ts';
import type { MeshAnalysis } from '../model/site/analysis.ts';
import type { DailyTimeline } from '../model/site/dailyTimeline.ts';
import { changesPage, incidentViews } from './changes/changesPage.ts';
import { compareFiles } from './compare/compareFiles.ts';
import { compareTestsPage } from './compare/compareTestsPage.ts';
import { matrixJson } from './matrix/matrixJson.ts';
import { matrixPage } from './matrix/matrixPage.ts';
import { hotspotsPage } from './overview/hotspotsPage.ts';
import { statusJson } from './overview/statusJson.ts';
import { type StatusExtras, statusPage } from './overview/statusPage.ts';
import { stripsPage } from './overview/stripsPage.ts';
import type { Page, SiteContext } from './page.ts';
import { runScript } from './runScript.ts';
import { topologyJson } from './topology/topologyJson.ts';
import { topologyPage } from './topology/topologyPage.ts';

/** The input of the files about the whole mesh. */
export interface MeshPagesInput {
  readonly mesh: MeshAnalysis;
  /** Newest first. */
  readonly runs: readonly Run[];
  readonly site: SiteContext;
  readonly timelines: readonly DailyTimeline[];
  readonly changes: MeshChanges;
  /** Whether a test has pages of its own. */
  readonly hasPage: (testId: string) => boolean;
  readonly statusExtras: StatusExtras;
}

/**
 * The files about the whole mesh, one at a time: pages, their JSON, and the script from which every
 * page learns the age of the site. `testPages` makes the files of one test, `assetPages` the style
 * sheets and scripts.
 */
export function* meshPages(input: MeshPagesInput): Generator<Page> {
  const { mesh, runs, site, timelines, changes, hasPage, statusExtras } = input;
  const names = new Map(mesh.topology.nodes.map(({ address, hostname }) => [address, hostname]));
  yield matrixPage(mesh, runs, site, incidentViews(changes));
  yield changesPage(changes, site, hasPage, (address) => names.get(address) ?? address);
  yield topologyPage(mesh, site);
  yield stripsPage(mesh, timelines, site);
  yield hotspotsPage(mesh, timelines, site);
  yield compareTestsPage(site);
  yield* compareFiles(mesh, timelines);
  yield statusPage(runs, site, statusExtras);
  yield matrixJson(mesh, runs, site);
  yield topologyJson(mesh);
  yield statusJson(runs, site, statusExtras.local);
  yield runScript(runs, site);
}
