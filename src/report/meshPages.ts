import type { MeshAnalysis } from '../model/analysis.ts';
import type { MeshChanges } from '../model/changeRecord.ts';
import type { TestCourse } from '../model/course.ts';
import type { Run } from '../model/run.ts';
import { changesPage, incidentViews } from './changes/changesPage.ts';
import { anyTestsPage } from './compare/anyTestsPage.ts';
import { routeFiles } from './compare/routeFiles.ts';
import { matrixJson } from './matrix/matrixJson.ts';
import { matrixPage } from './matrix/matrixPage.ts';
import { hotspotsPage } from './overview/hotspotsPage.ts';
import { statusJson } from './overview/statusJson.ts';
import { type Aside, statusPage } from './overview/statusPage.ts';
import { stripsPage } from './overview/stripsPage.ts';
import type { Page, SiteContext } from './page.ts';
import { runScript } from './runScript.ts';
import { topologyJson } from './topology/topologyJson.ts';
import { topologyPage } from './topology/topologyPage.ts';

const noChanges: MeshChanges = { records: [], incidents: [], acknowledgements: [] };

/**
 * The files about the whole mesh, one at a time: pages, their JSON, and the script that tells every page how old the site is.
 * `runs` newest first; `hasPage` tells whether a test has pages of its own;
 * `aside`: what the status page tells beside the runs. Files of one test come from `testPages`, style sheets and scripts from `assetPages`.
 */
export function* meshPages(
  mesh: MeshAnalysis,
  runs: readonly Run[],
  site: SiteContext,
  courses: readonly TestCourse[] = [],
  changes: MeshChanges = noChanges,
  hasPage: (testId: string) => boolean = () => true,
  aside: Aside = { messages: null, local: [] },
): Generator<Page> {
  const names = new Map(mesh.topology.nodes.map(({ address, hostname }) => [address, hostname]));
  yield matrixPage(mesh, runs, site, incidentViews(changes));
  yield changesPage(changes, site, hasPage, (address) => names.get(address) ?? address);
  yield topologyPage(mesh, site);
  yield stripsPage(mesh, courses, site);
  yield hotspotsPage(mesh, courses, site);
  yield anyTestsPage(site);
  yield* routeFiles(mesh, courses);
  yield statusPage(runs, site, aside);
  yield matrixJson(mesh, runs, site);
  yield topologyJson(mesh);
  yield statusJson(runs, site, aside.local);
  yield runScript(runs, site);
}
