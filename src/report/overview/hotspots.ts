import type { MeshAnalysis, TestSummary } from '../../model/site/analysis.ts';
import type { ChangeContributor, DailyTimeline } from '../../model/site/dailyTimeline.ts';
import { endpointHostName } from '../../model/test/testText.ts';
import type { Responder } from '../../model/trace/trace.ts';

/** How often a network element was involved in changes and problems. */
export interface HotSpot {
  /** Name, and a detail beside it: an address, the name of an AS; '' for none. */
  readonly name: string;
  readonly detail: string;
  /** Route changes in the window that involved the element. */
  readonly changes: number;
  /** Tests over the element that are in this state now. */
  readonly degraded: number;
  readonly unreached: number;
  readonly tests: number;
}

/** The hot spots of each kind, hottest first, without elements that have no changes or problems. */
export interface HotSpots {
  readonly destinations: readonly HotSpot[];
  readonly sources: readonly HotSpot[];
  readonly routers: readonly HotSpot[];
  readonly links: readonly HotSpot[];
  readonly systems: readonly HotSpot[];
}

const maxShown = 20;

/**
 * Counts changes and problems per network element. A host counts all changes of its tests, any
 * other element the changes that added or removed it.
 */
export function hotSpots(mesh: MeshAnalysis, timelines: readonly DailyTimeline[]): HotSpots {
  const changes = new Map(timelines.map(({ testId, routeChanges }) => [testId, routeChanges]));
  const names = addressNames(mesh);
  const displayNameByHost = displayNamesByHost(mesh);
  const byHost = (nameOf: (one: TestSummary) => string) =>
    rankSpots(
      groupTestsByKey(mesh.tests, (one) => [nameOf(one)]),
      (_, tests) => tests.reduce((sum, { test }) => sum + (changes.get(test.id) ?? 0), 0),
      (host) => ({
        name: displayNameByHost.get(host) ?? host,
        detail: displayNameByHost.has(host) ? host : '',
      }),
    );
  const contributionsOf = (kind: ChangeContributor['kind']) => contributorChanges(timelines, kind);
  const hostNameOf = (address: string) => names.get(address)?.hostname ?? address;
  return {
    destinations: byHost(({ test }) => endpointHostName(test.destination)),
    sources: byHost(({ test }) => endpointHostName(test.source)),
    routers: elementSpots(mesh, contributionsOf('router'), routersOf, (address) => ({
      name: hostNameOf(address),
      detail: [hostNameOf(address) === address ? '' : address, asNumberText(names.get(address))]
        .filter((part) => part !== '')
        .join(', '),
    })),
    links: elementSpots(mesh, contributionsOf('link'), linksOf, (key) => {
      const [from = '', to = ''] = key.split(' ');
      const name = `${hostNameOf(from)} → ${hostNameOf(to)}`;
      const addresses = `${from} → ${to}`;
      return { name, detail: name === addresses ? '' : addresses };
    }),
    systems: elementSpots(
      mesh,
      contributionsOf('as'),
      ({ asPath }) => asPath.map(String),
      (asn) => ({ name: `AS${asn}`, detail: asNameOf(names, Number(asn)) }),
    ),
  };
}

/** Configured display names of hosts, by host name. */
function displayNamesByHost({ tests }: MeshAnalysis): ReadonlyMap<string, string> {
  const ends = tests.flatMap(({ test }) => [test.source, test.destination]);
  return new Map(
    ends.flatMap((end) =>
      end.displayName === undefined ? [] : [[endpointHostName(end), end.displayName] as const],
    ),
  );
}

type SpotLabel = Pick<HotSpot, 'name' | 'detail'>;

function elementSpots(
  mesh: MeshAnalysis,
  changesByKey: ReadonlyMap<string, number>,
  keysOf: (one: TestSummary) => readonly string[],
  labelOf: (key: string) => SpotLabel,
): HotSpot[] {
  const tests = groupTestsByKey(mesh.tests, keysOf);
  for (const key of changesByKey.keys()) if (!tests.has(key)) tests.set(key, []);
  return rankSpots(tests, (key) => changesByKey.get(key) ?? 0, labelOf);
}

function groupTestsByKey(
  tests: readonly TestSummary[],
  keysOf: (one: TestSummary) => readonly string[],
): Map<string, TestSummary[]> {
  const testsByKey = new Map<string, TestSummary[]>();
  for (const one of tests) {
    for (const key of new Set(keysOf(one))) {
      const known = testsByKey.get(key);
      if (known === undefined) testsByKey.set(key, [one]);
      else known.push(one);
    }
  }
  return testsByKey;
}

function rankSpots(
  tests: ReadonlyMap<string, readonly TestSummary[]>,
  changesOf: (key: string, tests: readonly TestSummary[]) => number,
  labelOf: (key: string) => SpotLabel,
): HotSpot[] {
  return Array.from(tests, ([key, testsOfKey]) => ({
    key,
    changes: changesOf(key, testsOfKey),
    degraded: testsOfKey.filter(({ state }) => state === 'degraded').length,
    unreached: testsOfKey.filter(({ state }) => state === 'unreached').length,
    tests: testsOfKey.length,
  }))
    .filter(({ changes, degraded, unreached }) => changes + degraded + unreached > 0)
    .sort((a, b) => scoreOf(b) - scoreOf(a) || (a.key < b.key ? -1 : 1))
    .slice(0, maxShown)
    .map(({ key, ...figures }) => ({ ...labelOf(key), ...figures }));
}

function scoreOf({ changes, degraded, unreached }: Omit<HotSpot, 'name' | 'detail' | 'tests'>) {
  return changes + degraded + unreached;
}

function contributorChanges(
  timelines: readonly DailyTimeline[],
  wanted: ChangeContributor['kind'],
): Map<string, number> {
  const changesByName = new Map<string, number>();
  for (const { contributors } of timelines) {
    for (const { kind, name, routeChanges } of contributors) {
      if (kind === wanted) changesByName.set(name, (changesByName.get(name) ?? 0) + routeChanges);
    }
  }
  return changesByName;
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

function asNumberText(entry: { readonly asn: number | null } | undefined): string {
  return entry?.asn == null ? '' : `AS${entry.asn}`;
}

function asNameOf(names: Names, asn: number): string {
  for (const entry of names.values()) {
    if (entry.asn === asn && entry.asName !== null) return entry.asName;
  }
  return '';
}
