import { duration } from '../../lib/duration.ts';
import type { MeshAnalysis } from '../../model/analysis.ts';
import type { TestCourse } from '../../model/course.ts';
import { count, counted } from '../format.ts';
import { layout } from '../layout.ts';
import type { Page, SiteContext } from '../page.ts';
import { render } from '../templates.ts';
import { type HotSpot, hotSpots } from './hotspots.ts';

/** `hotspots.html`: what was part of most changes and outages. */
export function hotspotsPage(
  mesh: MeshAnalysis,
  courses: readonly TestCourse[],
  site: SiteContext,
): Page {
  const { destinations, sources, routers, links, systems } = hotSpots(mesh, courses);
  const changes = courses.reduce((sum, course) => sum + course.changes, 0);
  const summary = `${counted(changes, 'route change')} of ${counted(mesh.tests.length, 'test')} within ${duration(mesh.window.to - mesh.window.from)}.`;
  const body = render('hotspots', {
    layout: layout(site, {
      root: '',
      title: 'Hot spots',
      description: summary,
      section: 'hotspots',
    }),
    summary,
    tables: [
      { id: 'destinations', title: 'Destinations', rows: hostRows(destinations) },
      { id: 'sources', title: 'Sources', rows: hostRows(sources) },
      { id: 'routers', title: 'Routers', rows: rows(routers) },
      { id: 'links', title: 'Links', rows: rows(links) },
      { id: 'systems', title: 'Autonomous systems', rows: rows(systems) },
    ],
  });
  return { path: 'hotspots.html', body };
}

function rows(spots: readonly HotSpot[], hrefOf: (spot: HotSpot) => string = () => ''): object[] {
  return spots.map((spot) => ({
    name: spot.name,
    detail: spot.detail,
    href: hrefOf(spot),
    changes: count(spot.changes),
    degraded: count(spot.degraded),
    unreached: count(spot.unreached),
    tests: count(spot.tests),
  }));
}

/** Hosts lead to their cells of the matrix. */
function hostRows(spots: readonly HotSpot[]): object[] {
  return rows(spots, ({ name, detail }) => {
    const text = detail === '' ? name : detail;
    return `index.html#${new URLSearchParams({ text })}`;
  });
}
