import type { PatternHop, TestAnalysis } from '../../model/site/analysis.ts';
import {
  type ChangeContributor,
  type DailyTimeline,
  newestRtts,
} from '../../model/site/dailyTimeline.ts';
import { compareText } from '../ordering.ts';
import { buildTimelineRow } from './timelineRow.ts';

/** Contributors per test and kind, those with the most changes. */
const maxContributors = 30;

/** Builds the timeline of a test's last day. `dayTo`: end of that day, epoch seconds. */
export function buildDailyTimeline(analysis: TestAnalysis, dayTo: number): DailyTimeline {
  const transitions = countTransitions(analysis);
  const routeChanges = transitions.reduce((sum, { times }) => sum + times, 0);
  return {
    testId: analysis.test.id,
    timeline: buildTimelineRow(analysis, dayTo),
    routeChanges,
    contributors: countContributors(analysis, transitions),
    rttsMs: newestRtts(analysis),
  };
}

interface RouteTransition {
  readonly from: string;
  readonly to: string;
  readonly times: number;
}

/** Counts the pairs of routes that followed each other. */
function countTransitions({ periods }: TestAnalysis): RouteTransition[] {
  const steps = periods.slice(1).flatMap(({ variant: to }, index) => {
    const from = periods[index]?.variant ?? to;
    return from === to ? [] : [from < to ? `${from} ${to}` : `${to} ${from}`];
  });
  return Array.from(Map.groupBy(steps, String), ([key, all]) => {
    const [from = '', to = ''] = key.split(' ');
    return { from, to, times: all.length };
  });
}

function countContributors(
  { variants }: TestAnalysis,
  transitions: readonly RouteTransition[],
): ChangeContributor[] {
  const routes = new Map(variants.map(({ letter, route }) => [letter, route]));
  const found = new Map<
    string,
    { kind: ChangeContributor['kind']; name: string; routeChanges: number }
  >();
  for (const { from, to, times } of transitions) {
    const before = routeElements(routes.get(from) ?? []);
    const after = routeElements(routes.get(to) ?? []);
    for (const [key, element] of [...before, ...after]) {
      if (before.has(key) && after.has(key)) continue;
      const counted = found.get(key);
      if (counted === undefined) found.set(key, { ...element, routeChanges: times });
      else counted.routeChanges += times;
    }
  }
  const kinds = Map.groupBy(found.values(), ({ kind }) => kind);
  return [...kinds.values()].flatMap((contributors) =>
    contributors
      .sort((a, b) => b.routeChanges - a.routeChanges || compareText(a.name, b.name))
      .slice(0, maxContributors),
  );
}

type RouteElement = Pick<ChangeContributor, 'kind' | 'name'>;

/** Routers, links between neighbors and ASes of a route. The destination is no router. */
function routeElements(route: readonly PatternHop[]): ReadonlyMap<string, RouteElement> {
  const found = new Map<string, RouteElement>();
  const add = (kind: ChangeContributor['kind'], name: string) =>
    found.set(`${kind} ${name}`, { kind, name });
  route.forEach((hop, index) => {
    if (hop.asn !== null) add('as', String(hop.asn));
    const isLast = index === route.length - 1;
    for (const address of isLast ? [] : hop.addresses) add('router', address);
    const [from] = hop.addresses;
    const [to] = route[index + 1]?.addresses ?? [];
    if (from !== undefined && to !== undefined) add('link', `${from} ${to}`);
  });
  return found;
}
