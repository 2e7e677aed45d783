import type { MeshAnalysis, TestSummary } from '../../model/site/analysis.ts';
import type { DailyTimeline } from '../../model/site/dailyTimeline.ts';
import { endpointDisplayName, endpointHostName } from '../../model/test/testText.ts';
import { createNumbering } from '../numbering.ts';
import type { Page } from '../page.ts';
import type {
  ComparableRoute,
  ComparableRoutes,
  ComparableTests,
  ComparedTest,
} from './compareTypes.ts';

/**
 * The data of the page that compares any two tests, as scripts, because a page opened as a file can
 * load nothing else. `compare/tests.js` lists the tests; `compare/<n>.js` has the current routes
 * and the newest round-trip times of the tests of the n-th source.
 */
export function* compareFiles(
  mesh: MeshAnalysis,
  timelines: readonly DailyTimeline[],
): Generator<Page> {
  const tests = mesh.tests.filter(({ route }) => route.length > 0);
  const rtts = new Map(timelines.map(({ testId, rttsMs }) => [testId, rttsMs]));
  const names = new Map(mesh.topology.nodes.map(({ address, hostname }) => [address, hostname]));
  const hosts = createNumbering();
  const displayNameByHost = new Map<string, string>();
  const hostNumber = (end: TestSummary['test']['source']): number => {
    const host = endpointHostName(end);
    if (!displayNameByHost.has(host)) displayNameByHost.set(host, endpointDisplayName(end));
    return hosts.numberOf(host);
  };
  const listed = tests.map(
    ({ test: { id, source, destination, family, tool } }): ComparedTest => [
      id,
      hostNumber(source),
      hostNumber(destination),
      family,
      tool,
    ],
  );
  const list: ComparableTests = {
    hosts: [...hosts.values.keys()].map((host) => displayNameByHost.get(host) ?? host),
    tests: listed,
  };
  yield { path: 'compare/tests.js', body: `window.pstraceTests = ${JSON.stringify(list)};\n` };
  for (const [source, own] of Map.groupBy(tests, ({ test }) =>
    hosts.numberOf(endpointHostName(test.source)),
  )) {
    const found = JSON.stringify(routesBySource(own, names, rtts));
    yield {
      path: `compare/${source}.js`,
      body: `(window.pstraceRoutes ??= {})[${source}] = ${found};\n`,
    };
  }
}

/**
 * Addresses with their names (null: unknown), and by test the hops ([TTL, AS or null, numbers of
 * addresses]), AS path and RTTs in ms.
 */
function routesBySource(
  tests: readonly TestSummary[],
  names: ReadonlyMap<string, string | null>,
  rtts: ReadonlyMap<string, readonly number[]>,
): ComparableRoutes {
  const addresses = createNumbering();
  const byTest = tests.map(({ test: { id }, route, asPath }): [string, ComparableRoute] => [
    id,
    {
      hops: route.map(({ ttl, asn, addresses: hopAddresses }) => [
        ttl,
        asn,
        hopAddresses.map(addresses.numberOf),
      ]),
      asPath,
      rttsMs: (rtts.get(id) ?? []).map((rtt) => Math.round(rtt * 100) / 100),
    },
  ]);
  return {
    addresses: [...addresses.values.keys()].map((address) => [address, names.get(address) ?? null]),
    tests: Object.fromEntries(byTest),
  };
}
