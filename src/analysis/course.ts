import type { PatternHop, TestAnalysis } from '../model/analysis.ts';
import { type Mover, newestRtts, type TestCourse } from '../model/course.ts';
import { byText } from './order.ts';
import { stripOf } from './strip.ts';

/** Movers kept for each test and kind, those of most changes. */
const mostMovers = 30;

/** The course of a test. `dayTo`: end of the day of its strip, epoch seconds. */
export function courseOf(analysis: TestAnalysis, dayTo: number): TestCourse {
  const pairs = changedPairs(analysis);
  const changes = pairs.reduce((sum, { times }) => sum + times, 0);
  return {
    testId: analysis.test.id,
    strip: stripOf(analysis, dayTo),
    changes,
    movers: moversOf(analysis, pairs),
    rttsMs: newestRtts(analysis),
  };
}

interface ChangedPair {
  readonly from: string;
  readonly to: string;
  readonly times: number;
}

/** Pairs of routes that followed each other, with how often. */
function changedPairs({ periods }: TestAnalysis): ChangedPair[] {
  const steps = periods.slice(1).flatMap(({ variant: to }, index) => {
    const from = periods[index]?.variant ?? to;
    return from === to ? [] : [from < to ? `${from} ${to}` : `${to} ${from}`];
  });
  return Array.from(Map.groupBy(steps, String), ([key, all]) => {
    const [from = '', to = ''] = key.split(' ');
    return { from, to, times: all.length };
  });
}

function moversOf({ variants }: TestAnalysis, pairs: readonly ChangedPair[]): Mover[] {
  const routes = new Map(variants.map(({ letter, route }) => [letter, route]));
  const found = new Map<string, { kind: Mover['kind']; name: string; changes: number }>();
  for (const { from, to, times } of pairs) {
    const before = elements(routes.get(from) ?? []);
    const after = elements(routes.get(to) ?? []);
    for (const [key, element] of [...before, ...after]) {
      if (before.has(key) && after.has(key)) continue;
      const known = found.get(key);
      if (known === undefined) found.set(key, { ...element, changes: times });
      else known.changes += times;
    }
  }
  const kinds = Map.groupBy(found.values(), ({ kind }) => kind);
  return [...kinds.values()].flatMap((movers) =>
    movers.sort((a, b) => b.changes - a.changes || byText(a.name, b.name)).slice(0, mostMovers),
  );
}

type Element = Pick<Mover, 'kind' | 'name'>;

/** Routers, links between neighbours and ASes of a route. The destination is no router. */
function elements(route: readonly PatternHop[]): ReadonlyMap<string, Element> {
  const found = new Map<string, Element>();
  const add = (kind: Mover['kind'], name: string) => found.set(`${kind} ${name}`, { kind, name });
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
