import { describe, expect, test } from 'vitest';
import { analyzeMesh } from '../../../src/analysis/window/mesh/analyzeMesh.ts';
import type { PatternHop, TestSummary } from '../../../src/model/site/analysis.ts';
import type { Endpoint, Test } from '../../../src/model/test/test.ts';
import type { Responder } from '../../../src/model/trace/trace.ts';
import { sampleTest } from './scenario.ts';

const now = 1_800_000_000;
const window = { from: now - 86_400, to: now };

function end(address: string | null, name = `${address}.example`): Endpoint {
  return { address, name };
}

/** A route from addresses; null is a silent hop. */
function hops(...addresses: (string | null)[]): PatternHop[] {
  return addresses.map((address, i) => ({
    ttl: i + 1,
    addresses: address === null ? [] : [address],
    asn: null,
  }));
}

function summary(test: Partial<Test>, change: Partial<TestSummary> = {}): TestSummary {
  return {
    test: sampleTest(test),
    state: 'ok',
    stateSince: null,
    stateReason: '',
    rttMs: 10,
    usualRttMs: 10,
    usualFrom: null,
    usualTo: null,
    lossPct: 0,
    hops: 3,
    pathMtu: null,
    asPath: [],
    reached: true,
    lastTraceAt: now - 60,
    lastRouteChangeAt: null,
    variants: 1,
    traces: 144,
    route: [],
    ...change,
  };
}

const mesh = (...tests: TestSummary[]) => analyzeMesh(tests, new Map(), window);
const [a, b, c] = [end('192.0.2.10', 'a'), end('192.0.2.11', 'b'), end('192.0.2.12', 'c')];

describe('matrix', () => {
  test('one pair has one cell per family, however many tests it has', () => {
    const { cells } = mesh(
      summary({ id: 'one', source: a, destination: b, tool: 'traceroute' }),
      summary({ id: 'two', source: a, destination: b, tool: 'tracepath' }),
      summary({ id: 'six', source: a, destination: b, family: 6 }),
      summary({ id: 'back', source: b, destination: a }),
    );
    expect(cells.map(({ testIds, family }) => [testIds, family])).toEqual([
      [['one', 'two'], 4],
      [['six'], 6],
      [['back'], 4],
    ]);
  });

  test('a cell shows the test with the newest data, not an abandoned one', () => {
    const { cells } = mesh(
      summary({ id: 'a never' }, { lastTraceAt: null, traces: 0, rttMs: null }),
      summary({ id: 'dead' }, { lastTraceAt: now - 40_000, traces: 90, rttMs: 1, state: 'stale' }),
      summary({ id: 'live' }, { lastTraceAt: now - 600, traces: 50, rttMs: 2 }),
    );
    expect(cells).toMatchObject([{ testIds: ['live', 'dead', 'a never'], rttMs: 2, state: 'ok' }]);
    expect(cells[0]?.otherStates).toBe('The traceroute test is stale.');
  });

  test('a cell shows the test in the worst state, and names other tests with a problem', () => {
    const { cells } = mesh(
      summary({ id: 'fullest' }, { traces: 144, rttMs: 1 }),
      summary({ id: 'dead', tool: 'tracepath' }, { traces: 24, rttMs: null, state: 'unreached' }),
      summary({ id: 'slow', tool: 'paris' }, { traces: 144, rttMs: 9, state: 'degraded' }),
    );
    expect(cells).toMatchObject([
      { testIds: ['dead', 'fullest', 'slow'], rttMs: null, state: 'unreached' },
    ]);
    expect(cells[0]?.otherStates).toBe('The paris test is degraded.');
  });

  test('two tests that run side by side do not alternate in the cell', () => {
    for (const lead of [-300, 300]) {
      const { cells } = mesh(
        summary({ id: 'tracepath' }, { lastTraceAt: now - 700, traces: 143 }),
        summary({ id: 'traceroute' }, { lastTraceAt: now - 700 + lead, traces: 144 }),
      );
      expect(cells[0]?.testIds[0]).toBe('tracepath');
    }
  });

  test('among tests that run side by side one with clearly more traces is shown', () => {
    const { cells } = mesh(
      summary({ id: 'hourly', intervalSeconds: 3600 }, { traces: 24 }),
      summary({ id: 'often' }, { traces: 144, lastTraceAt: now - 300 }),
    );
    expect(cells[0]?.testIds).toEqual(['often', 'hourly']);
  });

  test('hosts are sorted by name, one entry each under the name most tests give it', () => {
    const { sources, destinations } = mesh(
      summary({ id: '1', source: end('203.0.113.9', 'Beta'), destination: a }),
      summary({ id: '2', source: end('203.0.113.1', 'gamma'), destination: a }),
      summary({ id: '3', source: end('203.0.113.5', 'alpha'), destination: a }),
      summary({ id: '4', source: end('203.0.113.9', 'Alpha.other'), destination: b }),
      summary({ id: '5', source: end('203.0.113.9', 'Beta'), destination: c }),
      summary({ id: '6', source: end(null, 'unresolved'), destination: c }),
    );
    expect(sources).toEqual([
      end('203.0.113.5', 'alpha'),
      end('203.0.113.9', 'Beta'),
      end('203.0.113.1', 'gamma'),
      end(null, 'unresolved'),
    ]);
    expect(destinations).toEqual([a, b, c]);
  });

  test('the order of the tests does not matter', () => {
    const tests = [
      summary({ id: '1', source: a, destination: b }, { route: hops('192.0.2.1', b.address) }),
      summary({ id: '2', source: b, destination: a }, { route: hops('192.0.2.1', a.address) }),
      summary({ id: '3', source: a, destination: c, tool: 'tracepath' }, { state: 'changed' }),
      summary({ id: '4', source: a, destination: c }, { traces: 143 }),
    ];
    expect(mesh(...tests.toReversed())).toEqual(mesh(...tests));
    const [first, second, third, fourth] = tests as [
      TestSummary,
      TestSummary,
      TestSummary,
      TestSummary,
    ];
    expect(mesh(third, first, fourth, second)).toEqual(mesh(...tests));
  });
});

describe('topology', () => {
  const edges = (...tests: TestSummary[]) =>
    mesh(...tests).topology.edges.map(({ from, to, silentHops }) => `${from} ${to} ${silentHops}`);

  test('an edge leads from each answering hop to the next, the source first, silence counted', () => {
    const route = hops('192.0.2.1', null, null, '192.0.2.4', b.address);
    expect(edges(summary({ source: a, destination: b }, { route }))).toEqual([
      '192.0.2.1 192.0.2.4 2',
      '192.0.2.10 192.0.2.1 0',
      '192.0.2.4 192.0.2.11 0',
    ]);
  });

  test('an edge keeps the longest silence and the worst state of the tests that use it', () => {
    const { edges: found, nodes } = mesh(
      summary(
        { id: 'ok', source: a, destination: c },
        { route: hops('192.0.2.1', null, '192.0.2.2') },
      ),
      summary(
        { id: 'slow', source: b, destination: c },
        { route: hops('192.0.2.1', '192.0.2.2'), state: 'degraded' },
      ),
    ).topology;
    const shared = found.find(({ from, to }) => `${from} ${to}` === '192.0.2.1 192.0.2.2');
    expect(shared).toMatchObject({ silentHops: 1, testIds: ['ok', 'slow'], state: 'degraded' });
    expect(nodes.map(({ id, kind, state }) => [id, kind, state])).toEqual([
      ['192.0.2.1', 'router', 'degraded'],
      ['192.0.2.10', 'host', 'ok'],
      ['192.0.2.11', 'host', 'degraded'],
      ['192.0.2.2', 'router', 'degraded'],
    ]);
  });

  test('routers of one name stay two nodes', () => {
    const named = (address: string): [string, Responder] => [
      address,
      { address, hostname: 'core.example', asn: 64496, asName: 'Example' },
    ];
    const responders = new Map([named('192.0.2.1'), named('192.0.2.2')]);
    const route = hops('192.0.2.1', '192.0.2.2');
    const { topology } = analyzeMesh([summary({}, { route })], responders, window);
    expect(topology.nodes.filter(({ kind }) => kind === 'router')).toMatchObject([
      { id: '192.0.2.1', hostname: 'core.example', asn: 64496 },
      { id: '192.0.2.2', hostname: 'core.example', asn: 64496 },
    ]);
  });

  test('192.168.1.1 of two sites is two routers, of one site one', () => {
    const gateway = '192.168.1.1';
    const { nodes } = mesh(
      summary({ id: '1', source: a, destination: c }, { route: hops(gateway, c.address) }),
      summary({ id: '2', source: a, destination: b }, { route: hops(gateway, b.address) }),
      summary({ id: '3', source: b, destination: c }, { route: hops(gateway, c.address) }),
    ).topology;
    expect(nodes.map(({ id, address, testIds }) => [id, address, testIds])).toEqual([
      ['192.0.2.10', '192.0.2.10', ['2', '1']],
      ['192.0.2.11', '192.0.2.11', ['2', '3']],
      ['192.0.2.12', '192.0.2.12', ['1', '3']],
      ['192.168.1.1@192.0.2.10', gateway, ['2', '1']],
      ['192.168.1.1@192.0.2.11', gateway, ['3']],
    ]);
  });

  test('hosts that reach each other at private addresses share their private routers', () => {
    const [source, two] = [end('10.0.1.5', 'one'), end('10.0.2.5', 'two')];
    const { nodes } = mesh(
      summary({ id: '1', source, destination: two }, { route: hops('10.0.0.1', '10.0.2.5') }),
      summary(
        { id: '2', source: two, destination: source },
        { route: hops('10.0.0.1', '10.0.1.5') },
      ),
      summary({ id: '3', source: a, destination: b }, { route: hops('10.0.0.1', b.address) }),
    ).topology;
    expect(nodes.map(({ id }) => id)).toEqual([
      '10.0.0.1@10.0.1.5',
      '10.0.0.1@192.0.2.10',
      '10.0.1.5',
      '10.0.2.5',
      '192.0.2.10',
      '192.0.2.11',
    ]);
  });

  test('an address that answers twice in a row is no edge to itself', () => {
    const route = hops('192.0.2.1', '192.0.2.1', b.address);
    expect(edges(summary({ source: a, destination: b }, { route }))).toEqual([
      '192.0.2.1 192.0.2.11 0',
      '192.0.2.10 192.0.2.1 0',
    ]);
  });

  test('a source without an address appears under its name', () => {
    const { nodes } = mesh(
      summary({ source: end(null, 'nameless.example') }, { route: hops('192.0.2.1') }),
    ).topology;
    expect(nodes.map(({ id, kind }) => [id, kind])).toContainEqual(['nameless.example', 'host']);
  });

  test('a test without a trace draws nothing', () => {
    expect(mesh(summary({}, { lastTraceAt: null })).topology).toEqual({ nodes: [], edges: [] });
  });
});
