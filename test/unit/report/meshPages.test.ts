import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import type { MeshAnalysis } from '../../../src/model/site/analysis.ts';
import { assetPages } from '../../../src/report/assets.ts';
import { meshPages } from '../../../src/report/meshPages.ts';
import type { Page } from '../../../src/report/page.ts';
import { fullMesh, meshPagesInput, run } from '../../helpers/mesh.ts';

const small = fullMesh(['a.example.net', 'b.example.net', 'c.example.net'], true);
const ids = small.tests.map(({ test }) => test.id);
const mesh: MeshAnalysis = {
  ...small,
  topology: {
    nodes: [
      {
        id: '192.0.2.1',
        address: '192.0.2.1',
        hostname: 'a.example.net',
        asn: 64500,
        asName: 'EXAMPLE',
        kind: 'host',
        testIds: ids,
        state: 'ok',
      },
      {
        id: '198.51.100.1',
        address: '198.51.100.1',
        hostname: null,
        asn: null,
        asName: null,
        kind: 'router',
        testIds: ids,
        state: 'ok',
      },
    ],
    edges: [{ from: '192.0.2.1', to: '198.51.100.1', silentHops: 1, testIds: ids, state: 'ok' }],
  },
};
const pages = [...meshPages(meshPagesInput(mesh, { runs: [run(0), run(15)] }))];

it('the pages of the mesh and their data', () => {
  expect(pages.map(({ path }) => path).sort()).toEqual([
    'assets/run.js',
    'changes.html',
    'compare.html',
    'compare/tests.js',
    'data/matrix.json',
    'data/status.json',
    'data/topology.json',
    'hotspots.html',
    'index.html',
    'status.html',
    'strips.html',
    'topology.html',
  ]);
});

it('all links and files of a page are relative and within the site', async () => {
  const known = new Set([
    ...[...pages, ...(await assetPages())].map(({ path }) => path),
    ...ids.map((id) => `tests/${id}/index.html`),
    // `changeLists` makes the lists of changes.
    ...['feed.xml', 'data/changes.csv', 'data/changes.ndjson', 'data/incidents.json'],
  ]);
  for (const { path, body } of pages.filter((page) => page.path.endsWith('.html'))) {
    const targets = [...String(body).matchAll(/ (?:href|src)="([^"#]+)/g)].map(
      ([, target = '']) => target,
    );
    expect(targets.length).toBeGreaterThan(5);
    expect(
      targets.filter((target) => !known.has(target)),
      path,
    ).toEqual([]);
  }
});

it('data/topology.json agrees with the published schema', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../../schemas/topology.schema.json', import.meta.url), 'utf8'),
  );
  const ajv = new Ajv2020({ allErrors: true });
  const valid = ajv.compile(schema);
  const json = JSON.parse(
    String(pages.find(({ path }) => path === 'data/topology.json')?.body ?? 'null'),
  );
  expect(valid(json), ajv.errorsText(valid.errors)).toBe(true);
  expect(json.edges).toHaveLength(1);
  expect(valid({ ...json, nodes: [{ ...json.nodes[0], kind: 'cloud' }] })).toBe(false);
});

it('the same input gives the same pages', () => {
  const again = [...meshPages(meshPagesInput(mesh, { runs: [run(0), run(15)] }))];
  const contents = (all: readonly Page[]) => all.map(({ path, body }) => [path, String(body)]);
  expect(contents(again)).toEqual(contents(pages));
});
