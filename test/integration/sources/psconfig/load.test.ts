import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest';
import { type HostRule, parseHostRule } from '../../../../src/lib/hostRule.ts';
import { createLog } from '../../../../src/lib/log.ts';
import { ForeignText } from '../../../../src/model/run/foreignText.ts';
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

function load(
  locations: readonly string[],
  online = true,
  more: { allow?: readonly HostRule[]; maxResponseBytes?: number } = {},
) {
  const options = {
    cache: join(folder, 'psconfig'),
    caPem: null,
    insecure: false,
    timeoutSeconds: 5,
    retries: 0,
    maxResponseBytes: 1e6,
    online,
    allow: [],
    ...more,
  };
  return loadPlan(locations, options, log);
}

it('reads the includes of a template, its own entries first, and never a file of this host', async () => {
  const { plan, problems, warnings } = await load([url]);
  expect(plan?.tests.map(({ source }) => source)).toEqual([
    'ps-other.example.net',
    'ps-b.example.net',
  ]);
  expect(problems).toEqual([]);
  expect(warnings).toEqual([
    {
      kind: 'misconfigured',
      subject: url,
      message: 'psConfig: an include is not an HTTP URL and is not read (2 times).',
      remedy: expect.any(String),
      detail: new ForeignText('"file:///etc/passwd"; "7"'),
    },
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
    'psConfig: a group names an undefined address.',
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
  expect(problems[0]?.message).toMatch(/It is not JSON/);
});

const rules = (...texts: string[]) => texts.map(parseHostRule).filter((rule) => rule !== null);

/** Another host on loopback, by name or address; counts the requests that reach it. */
async function innerHost() {
  const asked: string[] = [];
  const other = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(403).end('{"error": "token hunter2 is wrong"}');
  });
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void other.close());
  return { asked, port: (other.address() as AddressInfo).port };
}

it('asks no host, port or address that the configuration does not name', async () => {
  const { asked, port } = await innerHost();
  const hosts = ['127.0.0.1', 'localhost', '127.1', '[::ffff:127.0.0.1]', 'u:p@127.0.0.1'];
  const includes = [
    ...hosts.map((host) => `http://${host}:${port}/admin`),
    'http://169.254.169.254/latest/meta-data',
    'http://[::1]/',
    'http://[64:ff9b::7f00:1]/',
    'https://ps.example.net/mesh.json',
  ];
  answers = { '/outer.json': JSON.stringify({ ...outer, includes }) };
  const { warnings, problems } = await load([url]);
  expect(asked).toEqual([]);
  expect(problems.map(({ message }) => message)).not.toContainEqual(
    expect.stringMatching(/include/),
  );
  expect(warnings.map(({ message }) => message)).toEqual([
    'psConfig: an include is at a port that the configuration does not name and is not read (3 times).',
    'psConfig: an include is on a host that the configuration does not name and is not read (5 times).',
    'psConfig: an include has a user name or a password and is not read.',
  ]);
});

it('asks no private address behind a name of another host, whatever DNS says', async () => {
  const { asked, port } = await innerHost();
  answers = { '/outer.json': JSON.stringify({ ...outer, includes: ['http://localhost/x'] }) };
  const { problems } = await load([url], true, { allow: rules('*') });
  expect(problems.map(({ message }) => message).join()).toMatch(
    /an include cannot be read: localhost has only private addresses that the configuration does/,
  );
  const including = (allowed: string) => {
    answers = {
      '/outer.json': JSON.stringify({ ...outer, includes: [`http://localhost:${port}/x`] }),
    };
    return load([url], true, { allow: rules(allowed) });
  };
  await including('*');
  await including('*.localhost');
  expect(asked).toEqual([]);
  const named = await including(`localhost:${port}`);
  expect(asked).toEqual(['/x']);
  expect(named.problems[0]).toMatchObject({
    subject: url,
    message: `psConfig: an include cannot be read: localhost:${port} responded with HTTP status 403. Without it, names and expected tests are missing.`,
    detail: new ForeignText(`http://localhost:${port}/x: token hunter2 is wrong`),
  });
});

it('stops at the limit of all templates together, and says so', async () => {
  const junk = 'j'.repeat(40_000);
  const includes = Array.from({ length: 10 }, (_, i) => `part-${i}.json`);
  answers = {
    '/outer.json': JSON.stringify({ ...outer, includes }),
    ...Object.fromEntries(includes.map((name) => [`/${name}`, JSON.stringify({ junk })])),
  };
  const { problems } = await load([url], true, { maxResponseBytes: 100_000 });
  expect(problems.map(({ message }) => message).join()).toMatch(/is larger than|together/);
  expect(readdirSync(join(folder, 'psconfig')).length).toBeLessThan(5);
});

it('counts templates that cannot be used toward that limit', async () => {
  const includes = Array.from({ length: 10 }, (_, i) => `part-${i}.json`);
  answers = {
    '/outer.json': JSON.stringify({ ...outer, includes }),
    ...Object.fromEntries(includes.map((name) => [`/${name}`, `[${' '.repeat(40_000)}]`])),
  };
  const { problems } = await load([url], true, { maxResponseBytes: 100_000 });
  const isOver = ({ message }: { message: string }) => message.includes('together');
  expect(problems.filter(isOver).length).toBeGreaterThan(5);
});

it('keeps the copies of the templates in use, and no others', async () => {
  for (const run of [1, 2, 3]) {
    const name = `inner.json?run=${run}`;
    answers = {
      '/outer.json': JSON.stringify({ ...outer, includes: [name] }),
      [`/${name}`]: JSON.stringify(inner),
    };
    await load([url]);
    expect(readdirSync(join(folder, 'psconfig'))).toHaveLength(2);
  }
  const plan = (await load([url], false)).plan;
  expect(plan?.tests).toHaveLength(2);
  answers = {};
  expect((await load([url])).plan).toEqual(plan);
  expect(readdirSync(join(folder, 'psconfig'))).toHaveLength(2);
});
