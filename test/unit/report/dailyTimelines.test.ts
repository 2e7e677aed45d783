import { describe, expect, it } from 'vitest';
import type { DailyTimeline } from '../../../src/model/site/dailyTimeline.ts';
import { hotSpots } from '../../../src/report/overview/hotspots.ts';
import { hotspotsPage } from '../../../src/report/overview/hotspotsPage.ts';
import { stripsPage } from '../../../src/report/overview/stripsPage.ts';
import type { SiteContext } from '../../../src/report/page.ts';
import { cell, end, fullMesh, mesh, site } from '../../helpers/mesh.ts';

const [a, b, c] = [end('a', 1), end('b', 2), end('c', 3)];
const quiet = `A${'.'.repeat(143)}`;

function course(testId: string, over: Partial<DailyTimeline> = {}): DailyTimeline {
  return { testId, timeline: quiet, routeChanges: 0, contributors: [], rttsMs: [], ...over };
}

function ids(of: ReturnType<typeof mesh>): string[] {
  return of.tests.map(({ test }) => test.id);
}

describe('daily timelines', () => {
  it('a row has its marks also as text, below the hours', () => {
    const of = mesh([a, b], [cell(a, b)]);
    const timeline = `A...B...××!!__${' '.repeat(130)}`;
    const [testId = ''] = ids(of);
    const page = String(stripsPage(of, [course(testId, { timeline })], site).body);
    expect(page).toContain(
      '1 route change, 20 min not reached, 20 min failed, 20 min without a result',
    );
    expect(page).toContain(
      '<b class="unreached">××</b><b class="failed">!!</b><b class="missing">__</b>',
    );
    // The window ends at 12:44, so the day begins at 12:50 and 13:00 is its second place.
    expect(page).toContain('<code aria-hidden="true"> 13    14 ');
  });

  it('of thousands of tests, only those with events appear', () => {
    const names = Array.from({ length: 50 }, (_, index) => `host${index}`);
    const of = fullMesh(names, true);
    const courses = ids(of).map((id, index) =>
      course(id, index === 7 ? { timeline: quiet.replace('....', '..B.') } : {}),
    );
    const page = String(stripsPage(of, courses, site).body);
    expect(page.match(/<th scope="row">/g)).toHaveLength(1);
    expect(page).toContain('4,899 unchanged or lower-ranked tests not shown');
  });
});

describe('hot spots', () => {
  it('hosts count the changes and current problems of all their tests', () => {
    const of = mesh([a, b, c], [cell(a, b, { state: 'unreached' }), cell(c, b), cell(a, c)]);
    const courses = ids(of).map((id, index) => course(id, { routeChanges: index }));
    const { destinations, sources } = hotSpots(of, courses);
    expect(
      destinations.map(({ name, changes, unreached, tests }) => [name, changes, unreached, tests]),
    ).toEqual([
      ['b', 1, 1, 2],
      ['c', 2, 0, 1],
    ]);
    expect(sources.map(({ name, changes }) => [name, changes])).toEqual([
      ['a', 2],
      ['c', 1],
    ]);
  });

  it('a router that left all routes still counts its changes', () => {
    const of = mesh([a, b], [cell(a, b)]);
    const contributors = [{ kind: 'router' as const, name: '198.51.100.7', routeChanges: 3 }];
    const courses = ids(of).map((id) => course(id, { contributors, routeChanges: 3 }));
    expect(hotSpots(of, courses).routers).toEqual([
      { name: '198.51.100.7', detail: '', changes: 3, degraded: 0, unreached: 0, tests: 0 },
    ]);
    expect(String(hotspotsPage(of, courses, site).body)).toContain(
      '3 switches of route in 1 of 1 test',
    );
  });

  it('without changes, every table says so', () => {
    const quietMesh = mesh([a, b], [cell(a, b)]);
    const texts = (of: typeof quietMesh, stale: SiteContext['stale']) =>
      String(hotspotsPage(of, [], { ...site, stale }).body);
    expect(
      texts(quietMesh, null).match(/No switches and no problems in this window/g),
    ).toHaveLength(5);
    const old = { since: site.window.to, message: 'No archive answers.' };
    expect(texts(quietMesh, old).match(/unknown since then/g)).toHaveLength(5);
    const tests = quietMesh.tests.map((each) => ({ ...each, traces: 0 }));
    const silent = texts({ ...quietMesh, tests }, null);
    expect(silent.match(/Unknown, for lack of results/g)).toHaveLength(5);
    expect(silent).toContain('No test has results');
  });
});
