import type { Run } from '../../model/run/run.ts';
import type { MeshAnalysis } from '../../model/site/analysis.ts';
import { formatCount, isoTime } from '../../model/values/format.ts';
import type { IncidentView } from '../changes/incidentView.ts';
import { pageLayout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { stateTexts } from '../stateText.ts';
import { renderPage } from '../templates.ts';
import { gridRows } from './gridRows.ts';
import { countStates, matrixHeadline, problemNotice } from './headline.ts';
import { listMarkup } from './listMarkup.ts';
import { type GridHosts, gridHosts, gridView } from './matrixGrid.ts';
import { listRows } from './matrixList.ts';

/**
 * `index.html`: headline, open incidents, grid and list of the mesh. `runs` and `incidents`: newest
 * first.
 */
export function matrixPage(
  mesh: MeshAnalysis,
  runs: readonly Run[],
  site: SiteContext,
  incidents: readonly IncidentView[] = [],
): Page {
  const open = incidents.filter((incident) => incident.open);
  return { path: 'index.html', body: renderPage('matrix', matrixView(mesh, runs, site, open)) };
}

function matrixView(
  mesh: MeshAnalysis,
  runs: readonly Run[],
  site: SiteContext,
  open: readonly IncidentView[],
): object {
  const hosts = gridHosts(mesh);
  const head = matrixHeadline(mesh, site, hostCount(hosts), open.length);
  const counts = countStates(mesh.cells);
  const rows = listRows(mesh.cells, nameLookup(hosts));
  const grid = gridView(mesh, hosts, site.generatedAt);
  return {
    layout: pageLayout(site, {
      root: '',
      title: head.text,
      description: [head.details, head.scope].filter((part) => part !== '').join(' '),
      section: 'matrix',
    }),
    headline: head,
    notice: problemNotice(runs),
    incidents: open.slice(0, maxIncidents),
    moreIncidents:
      open.length > maxIncidents ? `All ${formatCount(open.length)} open incidents` : '',
    domain: hosts.domain,
    generatedIso: isoTime(site.generatedAt),
    legend: stateTexts
      .filter(({ state }) => counts[state] > 0)
      .map((text) => ({ ...text, count: formatCount(counts[text.state]) })),
    grid,
    gridRows: gridRows(grid),
    list: {
      rows: listMarkup(rows),
      note:
        rows.length < mesh.cells.length
          ? `The worst ${formatCount(rows.length)} of ${formatCount(mesh.cells.length)}. The grid links to all.`
          : '',
    },
  };
}

/** Maximum number of incidents above the matrix; the changes page lists all. */
const maxIncidents = 5;

function hostCount({ sources, destinations }: GridHosts): number {
  return new Set([...sources.list, ...destinations.list].map(({ name }) => name)).size;
}

function nameLookup({ sources, destinations }: GridHosts): (id: string) => string {
  return (id) => {
    const source = sources.list[sources.indexById.get(id) ?? -1];
    const destination = destinations.list[destinations.indexById.get(id) ?? -1];
    const host = source ?? destination;
    return (host?.hasDisplayName ? host.shortName : host?.name) ?? id;
  };
}
