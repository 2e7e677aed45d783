import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLog } from '../../../../src/lib/log.ts';
import { loadPlan } from '../../../../src/sources/psconfig/loadPlan.ts';

const inner = {
  addresses: { a: { address: 'ps-a.example.net' }, b: { address: 'ps-b.example.net' } },
  tests: { t: { type: 'trace', spec: { source: '{% address[0] %}', dest: '{% address[1] %}' } } },
};
const outer = {
  includes: ['inner.json', 'file:///etc/passwd', 7],
  addresses: { a: { address: 'ps-other.example.net' } },
  groups: { g: { type: 'mesh', addresses: [{ name: 'a' }, { name: 'b' }] } },
  tasks: { x: { group: 'g', test: 't' } },
};

let folder: string;
let server: Server;
let url: string;
let answers: Record<string, string>;
const log = createLog({ level: 'error', json: false, stream: process.stderr });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pstrace-psconfig-'));
  answers = { '/outer.json': JSON.stringify(outer), '/inner.json': JSON.stringify(inner) };
  server = createServer((request, response) => {
    const body = answers[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(body ?? '{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/outer.json`;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function load(locations: readonly string[], online = true) {
  const options = {
    cache: join(folder, 'psconfig'),
    caPem: null,
    insecure: false,
    timeoutSeconds: 5,
    retries: 0,
    maxResponseBytes: 1e6,
  };
  return loadPlan(locations, online, options, log);
}

it('a template counts with what it includes, its own entries first, and never reads a file of this host', async () => {
  const { plan, problems } = await load([url]);
  expect(plan?.tests.map(({ source }) => source)).toEqual([
    'ps-other.example.net',
    'ps-b.example.net',
  ]);
  expect(problems).toEqual([]);
});

it('without the net, and when the server fails, the last good copy serves; a failure is told', async () => {
  const { plan } = await load([url]);
  expect((await load([url], false)).plan).toEqual(plan);
  answers = { '/outer.json': '[]' };
  const second = await load([url]);
  expect(second.plan).toEqual(plan);
  expect(second.problems[0]?.message).toMatch(
    /not a psConfig template\. pstrace uses the last good copy/,
  );
  answers = {};
  const third = await load([url]);
  expect(third.plan).toEqual(plan);
  expect(third.problems[0]?.message).toMatch(/404.*pstrace uses the last good copy/);
});

it('a template that was never had is told, and there is no plan', async () => {
  expect(await load([url], false)).toEqual({ plan: null, problems: [] });
  answers = {};
  const { plan, problems } = await load([url]);
  expect(plan).toBeNull();
  expect(problems[0]?.message).toMatch(/names and expected tests are missing/);
});

it('templates may be files, several of them', async () => {
  const files = ['one.json', 'two.json'].map((name) => join(folder, name));
  const { includes: _, ...own } = outer;
  writeFileSync(
    files[0] ?? '',
    JSON.stringify({ ...own, tests: inner.tests, addresses: inner.addresses }),
  );
  writeFileSync(files[1] ?? '', '{');
  const { plan, problems } = await load(files);
  expect(plan?.tests).toHaveLength(2);
  expect(problems[0]?.message).toMatch(/two\.json is not JSON/);
});
