import { describe, expect, it } from 'vitest';
import { asGraph } from '../../../../src/report/topology/asGraph.ts';
import { graphDrawing } from '../../../../src/report/topology/graphDrawing.ts';
import { routerGraph } from '../../../../src/report/topology/topologyGraph.ts';
import { topologyPage } from '../../../../src/report/topology/topologyPage.ts';
import { mesh, site } from '../../../helpers/mesh.ts';
import { simulatedMesh } from '../../../helpers/simulatedMesh.ts';

const small = simulatedMesh(6, new Map([[3, 'unreached']]));

function html(of = small): string {
  return String(topologyPage(of, site).body);
}

describe('the graph of routers', () => {
  it('has each host once on the left as a source and once on the right as a destination', () => {
    const { nodes } = graphDrawing(routerGraph(small));
    const right = Math.max(...nodes.map(({ x }) => x));
    const left = Math.min(...nodes.map(({ x }) => x));
    for (const { node, x } of nodes) {
      if (node.kind === 'source') expect(x).toBe(left);
      else if (node.kind === 'destination') expect(x).toBe(right);
      else expect(x > left && x < right).toBe(true);
    }
    expect(nodes.filter(({ node }) => node.kind === 'source')).toHaveLength(6);
  });

  it('every route runs from left to right', () => {
    const { nodes } = graphDrawing(routerGraph(small));
    const x = new Map(nodes.map(({ node, x: at }) => [node.key, at]));
    for (const { from, to } of routerGraph(small).edges) {
      expect(x.get(to) ?? 0).toBeGreaterThan(x.get(from) ?? 0);
    }
  });

  it('no two nodes overlap', () => {
    const { nodes } = graphDrawing(routerGraph(simulatedMesh(20)));
    for (const column of Map.groupBy(nodes, ({ x }) => x).values()) {
      const sorted = column.map(({ y }) => y).sort((a, b) => a - b);
      sorted.slice(1).forEach((y, index) => {
        expect(y - (sorted[index] ?? 0)).toBeGreaterThan(30);
      });
    }
  });

  it('is only as tall as its fullest column', () => {
    const { nodes, height } = graphDrawing(routerGraph(simulatedMesh(20)));
    const columns = [...Map.groupBy(nodes, ({ x }) => x).values()];
    const fullest = Math.max(...columns.map(({ length }) => length));
    expect(height).toBeLessThanOrEqual(fullest * 38 + 13);
  });

  it('the width of a link shows its number of tests, its color their worst state', () => {
    const { edges } = graphDrawing(routerGraph(small));
    const byUse = edges.toSorted((a, b) => a.edge.testIds.length - b.edge.testIds.length);
    expect(byUse.at(-1)?.width).toBeGreaterThan(byUse[0]?.width ?? 0);
    const bad = edges.filter(({ edge }) => edge.state === 'unreached');
    expect(bad).toHaveLength(small.tests[3]?.route.length ?? -1);
  });
});

it('the graph of ASes has transit between sources and destinations', () => {
  const { nodes, edges } = asGraph(small);
  const transit = nodes.filter(({ kind }) => kind === 'as');
  expect([...new Set(transit.map(({ label }) => label))].sort()).toEqual([
    'AS64496',
    'AS64497',
    'AS64498',
    'AS64499',
  ]);
  const first = edges.filter(({ from }) => from === 'source AS65536');
  expect(first.map(({ to, state, testIds }) => [to, state, testIds.length])).toEqual([
    ['0 AS64496', 'ok', 4],
    ['2 AS64496', 'unreached', 1],
  ]);
});

it('networks that carry both directions are drawn from left to right, too', () => {
  const graph = asGraph(simulatedMesh(12));
  const x = new Map(graphDrawing(graph).nodes.map(({ node, x: at }) => [node.key, at]));
  for (const { from, to } of graph.edges) {
    expect(x.get(to) ?? 0).toBeGreaterThan(x.get(from) ?? 0);
  }
});

it('a test that does not reach its destination ends at the last AS that replied', () => {
  const [one] = small.tests;
  if (one === undefined) throw new Error('no test');
  const cut = { ...one, reached: false, asPath: one.asPath.slice(0, 2) };
  const { nodes } = asGraph({ ...small, tests: [cut] });
  expect(nodes.map(({ key }) => key)).toEqual(['source AS65536', '2 AS64496']);
});

it('a filtered host is on the right while its AS replies', () => {
  const [one] = small.tests;
  if (one === undefined) throw new Error('no test');
  const { nodes } = asGraph({ ...small, tests: [{ ...one, reached: false }] });
  expect(nodes.map(({ key }) => key).at(-1)).toBe('destination AS65537');
});

describe('topology.html', () => {
  it('works without scripts: every node links to a row with its tests', () => {
    const body = html();
    const anchors = [...body.matchAll(/<a class="node[^"]*" href="#([^"]+)"/g)].map(([, id]) => id);
    expect(anchors.length).toBeGreaterThan(20);
    for (const id of anchors) expect(body).toContain(`<tr id="${id}">`);
    expect(new Set(anchors).size).toBe(anchors.length);
    expect(body).toContain(
      '<a href="tests/192.0.2.1_192.0.2.2_traceroute_0123456789ab/index.html">',
    );
  });

  it('names the rows of each table', () => {
    const page = html();
    const names = ['Hosts and routers', 'AS numbers'];
    expect(page.match(/(?<=<summary>)[^<]+/g)).toEqual(names.map((name) => `${name} as a table`));
    expect(page.match(/(?<=<thead><tr><th scope="col">)[^<]+/g)).toEqual([
      'Host or router',
      'AS number',
    ]);
    for (const name of names) expect(page).toContain(`role="group" aria-label="${name}"`);
  });

  it('has a tooltip for every link', () => {
    expect(html()).toContain(
      '<title>h0.example.net to out.gw0.example.net: 5 tests, worst state unreached</title>',
    );
  });

  it('stays within its size for a mesh of fifty, and draws ASes only beyond 400 addresses', () => {
    const fifty = html(simulatedMesh(50));
    expect(fifty.length).toBeLessThan(1_500_000);
    expect(fifty).toContain('data-level="router"');
    const large = html(simulatedMesh(110));
    expect(large).not.toContain('data-level="router"');
    expect(large).toContain('too many to draw');
    expect(large.length).toBeLessThan(1_500_000);
    const lists = [...large.matchAll(/data-tests="([^"]*)"/g)].map(([, list = '']) =>
      list.split(','),
    );
    expect(Math.max(...lists.map(({ length }) => length))).toBe(10);
  });

  it('an AS has the same color on both levels', () => {
    const body = html();
    const hues = (label: string) =>
      [...body.matchAll(/hue-(\d)[^>]*><title>([^<]*)</g)].flatMap(([, hue, title]) =>
        title?.includes(label) ? [hue] : [],
      );
    expect(hues('AS64496').length).toBeGreaterThan(2);
    expect(new Set(hues('AS64496')).size).toBe(1);
    expect(hues('AS64496')[0]).not.toBe(hues('AS64497')[0]);
  });

  it('escapes hostile names', () => {
    const evil = '"><script>alert(1)</script>';
    const nodes = small.topology.nodes.map((node) => ({ ...node, hostname: evil, asName: evil }));
    const tests = small.tests.map((one) => ({
      ...one,
      test: { ...one.test, source: { ...one.test.source, name: evil } },
    }));
    const body = html({ ...small, tests, topology: { ...small.topology, nodes } });
    expect(body).toContain('&lt;script&gt;');
    expect(body.match(/<script[^>]*>/g)?.every((tag) => / src="/.test(tag))).toBe(true);
  });

  it('says that the mesh is empty', () => {
    expect(html(mesh([], []))).toContain('No test has a route in this window.');
  });

  it('the same routes give the same bytes', () => {
    expect(html(simulatedMesh(6))).toBe(html(simulatedMesh(6)));
  });
});

it('hosts have their display names on both sides and can be found by host name', () => {
  const [host] = small.sources;
  if (host?.address == null) throw new Error('no host');
  const label = { address: host.name, displayName: 'Site 0', organization: null, group: '' };
  const graph = routerGraph({ ...small, labels: new Map([[host.address, label]]) });
  const called = graph.nodes.filter((node) => node.label === 'Site 0');
  expect(called.map(({ kind }) => kind).sort()).toEqual(['destination', 'source']);
  for (const { detail } of called) expect(detail).toContain(host.address);
  expect(graph.nodes.filter(({ kind }) => kind === 'source')).toHaveLength(6);
});
