import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { matrixJson } from '../../../../src/report/matrix/matrixJson.ts';
import { cell, end, fullMesh, mesh, now, run, site } from '../../../helpers/mesh.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../../../schemas/matrix.schema.json', import.meta.url), 'utf8'),
);
const ajv = new Ajv2020({ allErrors: true });
const valid = ajv.compile(schema);

const [a, b] = [end('a', 1), end('b', 2)];
const lost = { name: 'lost.example.net', address: null };

function parsed(...args: Parameters<typeof matrixJson>) {
  const page = matrixJson(...args);
  expect(page.path).toBe('data/matrix.json');
  return JSON.parse(String(page.body));
}

it('a full mesh agrees with the published schema', () => {
  const json = parsed(fullMesh(['a', 'b', 'c'], true), [run(0), run(15)], site);
  expect(valid(json), ajv.errorsText(valid.errors)).toBe(true);
  expect(json.cells).toHaveLength(12);
});

it('a cell is one line, so runs can be compared line by line', () => {
  const body = String(matrixJson(mesh([a, b], [cell(a, b), cell(b, a)]), [], site).body);
  expect(body.split('\n').filter((line) => line.startsWith('{"source":'))).toHaveLength(2);
});

it('unknown values are null and agree with the schema', () => {
  const unknown = {
    state: 'untested',
    testIds: [],
    rttMs: null,
    usualRttMs: null,
    lossPct: null,
    hops: null,
    pathMtu: null,
    asPath: [],
    reached: null,
    lastTraceAt: null,
  } as const;
  const json = parsed(mesh([a, lost], [cell(a, lost, unknown)]), [], site);
  expect(valid(json), ajv.errorsText(valid.errors)).toBe(true);
  expect(json.cells[0]).toMatchObject({ destination: 'lost.example.net', page: null, rttMs: null });
  expect(json.destinations[1]).toEqual({ address: null, name: 'lost.example.net' });
});

it('the schema rejects a cell without a state and unknown fields', () => {
  const json = parsed(mesh([a, b], [cell(a, b)]), [], site);
  expect(valid({ ...json, cells: [{ ...json.cells[0], state: undefined }] })).toBe(false);
  expect(valid({ ...json, more: 1 })).toBe(false);
});

it('every time has an ISO form', () => {
  const json = parsed(mesh([a, b], [cell(a, b, { lastRouteChangeAt: now - 3600 })]), [], site);
  expect(json.cells[0]).toMatchObject({
    lastTraceAt: now - 240,
    lastTraceAtIso: '2026-11-20T12:40:00Z',
    lastRouteChangeAtIso: '2026-11-20T11:44:00Z',
    stateSince: null,
    stateSinceIso: null,
  });
  expect(json.window).toEqual({
    from: now - 86400,
    fromIso: '2026-11-19T12:44:00Z',
    to: now,
    toIso: '2026-11-20T12:44:00Z',
  });
});

it('lists archives with tests and queried archives, with the results of the newest run', () => {
  const silent = {
    archive: 'other.example.org/archive',
    url: 'https://other.example.org/archive',
    ok: false,
    testsListed: 0,
    tracesRead: 0,
    tracesNew: 0,
    requests: 3,
    bytes: 0,
    seconds: 30,
  };
  const json = parsed(mesh([a, b], [cell(a, b)]), [run(0, { archives: [silent] })], site);
  expect(json.archives).toEqual([
    { archive: 'ma.example.net/esmond/perfsonar/archive', url: null, ok: null, tests: 1 },
    { archive: silent.archive, url: silent.url, ok: false, tests: 0 },
  ]);
});
