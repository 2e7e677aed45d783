import type { MeshAnalysis } from '../../model/site/analysis.ts';
import type { DailyTimeline } from '../../model/site/dailyTimeline.ts';
import { formatCount, formatDuration, pluralize, utcTime } from '../../model/values/format.ts';
import { pageLayout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { renderPage } from '../templates.ts';
import { type HotSpot, hotSpots } from './hotspots.ts';

/** `hotspots.html`: the network elements involved in most switches of route and outages. */
export function hotspotsPage(
  mesh: MeshAnalysis,
  timelines: readonly DailyTimeline[],
  site: SiteContext,
): Page {
  const { destinations, sources, routers, links, systems } = hotSpots(mesh, timelines);
  const summary = summaryText(mesh, timelines);
  const body = renderPage('hotspots', {
    layout: pageLayout(site, {
      root: '',
      title: 'Hot spots',
      description: summary,
      section: 'hotspots',
    }),
    summary,
    emptyText: emptyText(mesh, site),
    tables: [
      { id: 'destinations', title: 'Destinations', rows: hostRows(destinations) },
      { id: 'sources', title: 'Sources', rows: hostRows(sources) },
      { id: 'routers', title: 'Routers', rows: spotRows(routers) },
      { id: 'links', title: 'Links', rows: spotRows(links) },
      { id: 'systems', title: 'Autonomous systems', rows: spotRows(systems) },
    ],
  });
  return { path: 'hotspots.html', body };
}

function summaryText(mesh: MeshAnalysis, timelines: readonly DailyTimeline[]): string {
  const length = formatDuration(mesh.window.to - mesh.window.from);
  if (!hasResults(mesh)) return `No test has results in this window of ${length}.`;
  const changes = timelines.reduce((sum, timeline) => sum + timeline.routeChanges, 0);
  const changed = timelines.filter(({ routeChanges }) => routeChanges > 0).length;
  return `${pluralize(changes, 'switch', 'switches')} of route in ${formatCount(changed)} of ${pluralize(mesh.tests.length, 'test')}, in ${length}.`;
}

function hasResults({ tests }: MeshAnalysis): boolean {
  return tests.some(({ traces }) => traces > 0);
}

/** The text of an empty table: no results are no proof that nothing changed. */
function emptyText(mesh: MeshAnalysis, { stale }: SiteContext): string {
  if (!hasResults(mesh)) return 'Unknown, for lack of results.';
  return stale === null
    ? 'No switches and no problems in this window.'
    : `No switches and no problems until ${utcTime(stale.since)}; unknown since then.`;
}

function spotRows(
  spots: readonly HotSpot[],
  hrefOf: (spot: HotSpot) => string = () => '',
): object[] {
  return spots.map((spot) => ({
    name: spot.name,
    detail: spot.detail,
    href: hrefOf(spot),
    changes: formatCount(spot.changes),
    degraded: formatCount(spot.degraded),
    unreached: formatCount(spot.unreached),
    tests: formatCount(spot.tests),
  }));
}

/** Hosts link to their cells of the matrix. */
function hostRows(spots: readonly HotSpot[]): object[] {
  return spotRows(spots, ({ name, detail }) => {
    const text = detail === '' ? name : detail;
    return `index.html#${new URLSearchParams({ text })}`;
  });
}
