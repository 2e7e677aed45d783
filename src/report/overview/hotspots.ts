import type { MeshAnalysis, TestSummary } from '../../model/analysis.ts';
import type { Mover, TestCourse } from '../../model/course.ts';
import type { Responder } from '../../model/trace.ts';
import { hostName } from '../test/testFacts.ts';

/** How often something was part of trouble. */
export interface HotSpot {
  /** Name, and what stands beside it: an address, an AS's name; '' for nothing. */
  readonly name: string;
  readonly detail: string;
  /** Route changes of the window that it was part of. */
  readonly changes: number;
  /** Tests over it that are in this state now. */
  readonly degraded: number;
  readonly unreached: number;
  readonly tests: number;
}

/** The hot spots of each kind, hottest first, those without any trouble left out. */
export interface HotSpots {
  readonly destinations: readonly HotSpot[];
  readonly sources: readonly HotSpot[];
  readonly routers: readonly HotSpot[];
  readonly links: readonly HotSpot[];
  readonly systems: readonly HotSpot[];
}

const mostShown = 20;

/** Counts who was part of trouble; of hosts all changes of their tests count, of anything else those that it moved in. */
export function hotSpots(mesh: MeshAnalysis, courses: readonly TestCourse[]): HotSpots {
  const changes = new Map(courses.map((course) => [course.testId, course.changes]));
  const names = addressNames(mesh);
  const called = displayNames(mesh);
  const byHost = (nameOf: (one: TestSummary) => string) =>
    hottest(
      tally(mesh.tests, (one) => [nameOf(one)]),
      (_, tests) => tests.reduce((sum, { test }) => sum + (changes.get(test.id) ?? 0), 0),
      (host) => ({ name: called.get(host) ?? host, detail: called.has(host) ? host : '' }),
    );
  const moved = (kind: Mover['kind']) => moverChanges(courses, kind);
  const named = (address: string) => names.get(address)?.hostname ?? address;
  return {
    destinations: byHost(({ test }) => hostName(test.destination)),
    sources: byHost(({ test }) => hostName(test.source)),
    routers: element(mesh, moved('router'), routersOf, (address) => ({
      name: named(address),
      detail: [named(address) === address ? '' : address, asText(names.get(address))]
        .filter((part) => part !== '')
        .join(', '),
    })),
    links: element(mesh, moved('link'), linksOf, (key) => {
      const [from = '', to = ''] = key.split(' ');
      const name = `${named(from)} → ${named(to)}`;
      const addresses = `${from} → ${to}`;
      return { name, detail: name === addresses ? '' : addresses };
    }),
    systems: element(
      mesh,
      moved('as'),
      ({ asPath }) => asPath.map(String),
      (asn) => ({ name: `AS${asn}`, detail: systemName(names, Number(asn)) }),
    ),
  };
}

/** What the administrator calls hosts, by their names. */
function displayNames({ tests }: MeshAnalysis): ReadonlyMap<string, string> {
  const ends = tests.flatMap(({ test }) => [test.source, test.destination]);
  return new Map(
    ends.flatMap((end) =>
      end.displayName === undefined ? [] : [[hostName(end), end.displayName] as const],
    ),
  );
}

type Named = Pick<HotSpot, 'name' | 'detail'>;

function element(
  mesh: MeshAnalysis,
  moved: ReadonlyMap<string, number>,
  keysOf: (one: TestSummary) => readonly string[],
  called: (key: string) => Named,
): HotSpot[] {
  const tests = tally(mesh.tests, keysOf);
  for (const key of moved.keys()) if (!tests.has(key)) tests.set(key, []);
  return hottest(tests, (key) => moved.get(key) ?? 0, called);
}

function tally(
  tests: readonly TestSummary[],
  keysOf: (one: TestSummary) => readonly string[],
): Map<string, TestSummary[]> {
  const found = new Map<string, TestSummary[]>();
  for (const one of tests) {
    for (const key of new Set(keysOf(one))) {
      const known = found.get(key);
      if (known === undefined) found.set(key, [one]);
      else known.push(one);
    }
  }
  return found;
}

function hottest(
  tests: ReadonlyMap<string, readonly TestSummary[]>,
  changesOf: (key: string, tests: readonly TestSummary[]) => number,
  called: (key: string) => Named,
): HotSpot[] {
  return Array.from(tests, ([key, own]) => ({
    key,
    changes: changesOf(key, own),
    degraded: own.filter(({ state }) => state === 'degraded').length,
    unreached: own.filter(({ state }) => state === 'unreached').length,
    tests: own.length,
  }))
    .filter(({ changes, degraded, unreached }) => changes + degraded + unreached > 0)
    .sort((a, b) => heat(b) - heat(a) || (a.key < b.key ? -1 : 1))
    .slice(0, mostShown)
    .map(({ key, ...figures }) => ({ ...called(key), ...figures }));
}

function heat({ changes, degraded, unreached }: Omit<HotSpot, 'name' | 'detail' | 'tests'>) {
  return changes + degraded + unreached;
}

function moverChanges(courses: readonly TestCourse[], wanted: Mover['kind']): Map<string, number> {
  const found = new Map<string, number>();
  for (const { movers } of courses) {
    for (const { kind, name, changes } of movers) {
      if (kind === wanted) found.set(name, (found.get(name) ?? 0) + changes);
    }
  }
  return found;
}

function routersOf({ route, reached }: TestSummary): string[] {
  const routers = reached ? route.slice(0, -1) : route;
  return routers.flatMap(({ addresses }) => addresses);
}

function linksOf({ route }: TestSummary): string[] {
  return route.flatMap(({ addresses: [from] }, index) => {
    const [to] = route[index + 1]?.addresses ?? [];
    return from === undefined || to === undefined ? [] : [`${from} ${to}`];
  });
}

type Names = ReadonlyMap<string, Pick<Responder, 'hostname' | 'asn' | 'asName'>>;

function addressNames({ topology }: MeshAnalysis): Names {
  return new Map(topology.nodes.map((node) => [node.address, node]));
}

function asText(known: { readonly asn: number | null } | undefined): string {
  return known?.asn == null ? '' : `AS${known.asn}`;
}

function systemName(names: Names, asn: number): string {
  for (const known of names.values()) {
    if (known.asn === asn && known.asName !== null) return known.asName;
  }
  return '';
}
