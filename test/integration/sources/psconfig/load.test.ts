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

it('reads the includes of a template, its own entries first, and never a file of this host', async () => {
  const { plan, problems, warnings } = await load([url]);
  expect(plan?.tests.map(({ source }) => source)).toEqual([
    'ps-other.example.net',
    'ps-b.example.net',
  ]);
  expect(problems).toEqual([]);
  expect(warnings.map(({ subject, message }) => `${subject} ${message}`)).toEqual([
    `${url} psConfig: the include "file:///etc/passwd" is not an HTTP URL and is not read.`,
    `${url} psConfig: the include "7" is not an HTTP URL and is not read.`,
  ]);
});

it('reads address classes from includes too', async () => {
  const classes = { all: { 'data-source': { type: 'current-config' } } };
  answers = {
    '/outer.json': JSON.stringify({
      ...outer,
      groups: { g: { type: 'mesh', addresses: [{ class: 'all' }] } },
    }),
    '/inner.json': JSON.stringify({ ...inner, 'address-classes': classes }),
  };
  expect((await load([url])).plan?.tests).toHaveLength(2);
});

it('reads at most 49 includes and says so', async () => {
  const names = Array.from({ length: 60 }, (_, i) => `part-${i}.json`);
  const part = (i: number) => ({ addresses: { [`p${i}`]: { address: `p${i}.example.net` } } });
  const group = { type: 'mesh', addresses: [{ name: 'p48' }, { name: 'p49' }] };
  answers = {
    '/outer.json': JSON.stringify({ ...inner, ...outer, includes: names, groups: { g: group } }),
    ...Object.fromEntries(names.map((name, i) => [`/${name}`, JSON.stringify(part(i))])),
  };
  const { problems, warnings } = await load([url]);
  expect(problems.map(({ message }) => message)).toEqual([
    'psConfig: the group "g" names the undefined address "p49".',
  ]);
  expect(warnings.map(({ message }) => message)).toEqual([
    'psConfig: only the first 49 includes are read.',
  ]);
});

it('uses the last good copy offline and when the server fails, and reports the failure', async () => {
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

it('has no plan without a copy of the template, and reports the failure', async () => {
  expect(await load([url], false)).toEqual({ plan: null, problems: [], warnings: [] });
  answers = {};
  const { plan, problems } = await load([url]);
  expect(plan).toBeNull();
  expect(problems[0]?.message).toMatch(/names and expected tests are missing/);
});

it('reads several templates from files', async () => {
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
