import type { Run } from '../../src/model/run/run.ts';
import type { MatrixCell, MeshAnalysis } from '../../src/model/site/analysis.ts';
import type { Endpoint } from '../../src/model/test/test.ts';
import type { MeshPagesInput } from '../../src/report/meshPages.ts';
import type { SiteContext } from '../../src/report/page.ts';

/** 2026-11-20 12:44:00 UTC. */
export const now = 1795178640;

export const site: SiteContext = {
  title: 'Example mesh',
  version: '0.1.0',
  window: { from: now - 86400, to: now },
  generatedAt: now,
  stale: null,
};

/** `end('a', 1)` is host `a` at 192.0.2.1, `end('a', 1, 6)` the same host at 2001:db8::1. */
export function end(name: string, number: number, family: 4 | 6 = 4): Endpoint {
  return { name, address: family === 4 ? `192.0.2.${number}` : `2001:db8::${number}` };
}

/** A cell between two endpoints, by default ok at 12.34 ms. */
export function cell(
  source: Endpoint,
  destination: Endpoint,
  over: Partial<MatrixCell> = {},
): MatrixCell {
  const [from, to] = [source.address ?? source.name, destination.address ?? destination.name];
  return {
    source: from,
    destination: to,
    family: from.includes(':') ? 6 : 4,
    testIds: [`${from}_${to}_traceroute_0123456789ab`.replaceAll(':', '-')],
    state: 'ok',
    stateSince: null,
    stateReason: 'Route A throughout, reached.',
    otherStates: '',
    rttMs: 12.34,
    usualRttMs: 12.1,
    usualFrom: null,
    usualTo: null,
    lossPct: 0,
    hops: 9,
    pathMtu: 9000,
    asPath: [64500, 64501],
    reached: true,
    lastTraceAt: now - 240,
    lastRouteChangeAt: null,
    ...over,
  };
}

/** A mesh of these cells and endpoints, in the given order. */
export function mesh(ends: readonly Endpoint[], cells: readonly MatrixCell[]): MeshAnalysis {
  const byId = new Map(ends.map((one) => [one.address ?? one.name, one]));
  return {
    window: { from: now - 86400, to: now },
    sources: ends,
    destinations: ends,
    cells,
    tests: cells.map((one) => ({
      ...one,
      test: {
        id: one.testIds[0] ?? '',
        archive: 'ma.example.net/esmond/perfsonar/archive',
        key: 'key',
        tool: 'traceroute',
        source: byId.get(one.source) ?? { name: one.source, address: null },
        destination: byId.get(one.destination) ?? { name: one.destination, address: null },
        family: one.family,
        intervalSeconds: 600,
        taskName: null,
        parameters: {},
      },
      variants: 1,
      traces: 144,
      route: [],
    })),
    topology: { nodes: [], edges: [] },
  };
}

/** Every pair of these hosts in both directions, over IPv4 and, when `dual`, IPv6; all ok. */
export function fullMesh(names: readonly string[], dual: boolean): MeshAnalysis {
  const families: readonly (4 | 6)[] = dual ? [4, 6] : [4];
  const ends = names.flatMap((name, index) =>
    families.map((family) => end(name, index + 1, family)),
  );
  const cells = ends.flatMap((from) =>
    ends
      .filter(
        (to) => to.name !== from.name && to.address?.includes(':') === from.address?.includes(':'),
      )
      .map((to) => cell(from, to)),
  );
  return mesh(ends, cells);
}

/** A successful run that started `minutesAgo` minutes before `now`. */
export function run(minutesAgo: number, over: Partial<Run> = {}): Run {
  const startedAt = now - minutesAgo * 60;
  return {
    startedAt,
    finishedAt: startedAt + 45,
    outcome: 'ok',
    window: { from: startedAt - 86400, to: startedAt },
    version: '0.1.0',
    archives: [
      {
        archive: 'ma.example.net/esmond/perfsonar/archive',
        url: 'https://ma.example.net',
        ok: true,
        testsListed: 112,
        tracesRead: 3340,
        tracesNew: 224,
        requests: 231,
        bytes: 1834000,
        seconds: 21.3,
      },
    ],
    pagesWritten: 228,
    pagesUnchanged: 14,
    problems: [],
    ...over,
  };
}

/** The input of the pages of a mesh after one run, without changes and timelines unless given. */
export function meshPagesInput(
  of: MeshAnalysis,
  over: Partial<MeshPagesInput> = {},
): MeshPagesInput {
  return {
    mesh: of,
    runs: [run(0)],
    site,
    timelines: [],
    changes: { records: [], incidents: [], acknowledgements: [] },
    hasPage: () => true,
    statusExtras: { messages: null, local: [] },
    ...over,
  };
}
