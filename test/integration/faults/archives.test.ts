import { type AddressInfo, createServer } from 'node:net';
import { HttpResponse, http } from 'msw';
import { expect, onTestFinished, test, vi } from 'vitest';
import { basePath } from '../../helpers/fakeArchive.ts';
import {
  drip,
  gzipBomb,
  page,
  redirect,
  resetAfter,
  stall,
  truncated,
} from '../../helpers/faults.ts';
import { pages, place } from '../cli/command.ts';
import { deadArchive, serve } from '../pipeline/mesh.ts';
import { keyOf, livelyMesh, livelyTest, noon } from './mesh.ts';
import { contentOf, pagesOf } from './outcome.ts';
import { runAt } from './pstraceAt.ts';

vi.setConfig({ testTimeout: 180_000 });

const big = Array.from({ length: 50 }, (_, index) => ({ ts: index, val: [] }));
const json = (body: string, type = 'application/json') =>
  new HttpResponse(body, { headers: { 'content-type': type } });

/** A few kilobytes that decompress to 50 MB, created once. */
const bomb = gzipBomb(50_000_000);
const bombBody = await bomb.arrayBuffer();

/** Responses of an archive, and the messages of pstrace. */
const faults: Readonly<Record<string, readonly [reply: () => Response, said: RegExp]>> = {
  'HTTP 500': [
    () => page('<h1>Server Error (500)</h1>', 500),
    /HTTP status 500\..* detail="Server Error \(500\)"/,
  ],
  'HTTP 503': [
    () => page('Service Unavailable', 503),
    /HTTP status 503\..* detail="Service Unavailable"/,
  ],
  'HTTP 429': [() => new HttpResponse(null, { status: 429 }), /HTTP status 429/],
  'HTTP 404': [() => page('Not Found', 404), /HTTP status 404\..* detail="Not Found"/],
  'HTTP 403': [() => page('Forbidden', 403), /HTTP status 403\..* detail=Forbidden/],
  'a reset': [() => resetAfter(200, big), /The connection to \S+ broke/],
  'a stall': [() => stall(), /did not respond within 2 s/],
  'a drip': [() => drip(big, 20), /arrives too slowly/],
  'a cut answer': [() => truncated(big, 300), /was truncated/],
  garbage: [
    () => json('{"tests": maybe}'),
    /sent invalid JSON\..* detail="\{\\"tests\\": maybe\}"/,
  ],
  'a web page': [
    () => page('<title>Log in</title>'),
    /web page instead of JSON\. Check the .*detail="Log in"/,
  ],
  'no body': [() => json(''), /was truncated/],
  'another shape': [
    () => json('{"detail": "gone-away"}'),
    /a value of type object instead of a list\. detail=gone-away/,
  ],
  'a gzip bomb': [() => new Response(bombBody, { headers: bomb.headers }), /larger than 1 MB/],
  'a redirect to another host': [
    () => redirect('http://198.51.100.77/steal'),
    /redirects elsewhere, which pstrace does not follow.*detail=http:\/\/198\.51\.100\.77\/steal/,
  ],
};
const settings = '[http]\ntimeout = "2s"\nretries = 0\nmax_response = "1MB"\nconcurrency = 16\n';

/** The warnings of a run, without their prefix. */
const warningsOf = (stderr: string) =>
  stderr.split('\n').flatMap((line) => /^pstrace: warning: (.*)$/.exec(line)?.[1] ?? []);

test('each fault in the list of an archive is one plain line, and the pages show the good archive; exit 75', async () => {
  const expected = new Map<string, RegExp>();
  for (const [reply, said] of Object.values(faults)) {
    const list = http.get(`*${basePath}/`, () => reply());
    expected.set((await serve([], [list])).base, said);
  }
  expected.set(await deadArchive(), /refused the connection/);
  const healthy = (await serve(livelyMesh(3, 20, noon), [])).base;
  const at = place(settings);
  const { code, stdout, stderr } = await runAt(noon, [
    ...[...expected.keys(), healthy, '6h', ...at.options],
  ]);
  expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
  const warnings = warningsOf(stderr);
  for (const [base, said] of expected) {
    const id = base.replace('http://', '');
    const own = warnings.filter((line) => line.startsWith(`${id}: `));
    expect(own).toEqual([expect.stringMatching(said)]);
  }
  expect(warnings).toHaveLength(expected.size);
  const matrix = JSON.parse(pages(at.out).get('data/matrix.json') ?? '');
  expect(matrix.cells).toHaveLength(3);
  expect(matrix.problems).toHaveLength(expected.size);
  const published = [...pages(at.out).values()].join('\n');
  for (const words of [
    'Server Error',
    'Service Unavailable',
    'maybe',
    'Log in',
    'gone-away',
    'steal',
  ])
    expect(published).not.toContain(words);
});

test.each([
  ['SSH', 'SSH-2.0-OpenSSH_9.2\r\n'],
  ['two characters', '[]'],
  ['a version of HTTP that does not exist', 'HTTP/9.9 200 OK\r\n\r\n'],
  ['a length that is no number', 'HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n'],
])('a server that speaks %s is one plain line, not a bug', async (_, banner) => {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(banner);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { code, stderr } = await runAt(noon, [
    `http://127.0.0.1:${port}`,
    '6h',
    ...place(settings).options,
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain(`127.0.0.1:${port} does not speak HTTP. Check the host and the port.`);
  expect(stderr).not.toMatch(/bug|\n\s+at /);
});

test.each(['a'.repeat(64), `${'a.'.repeat(130)}example`])(
  'a host name that DNS cannot have is one plain line, not a bug',
  async (name) => {
    const at = place(settings);
    const { code, stderr } = await runAt(noon, [`http://${name}`, '6h', ...at.options]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/No address found for a[a.]+(example)?: (the name|this|the resolver)/);
    expect(stderr).not.toMatch(/bug|\n\s+at /);
  },
);

test('after a fault in the results of one test, the pages show the others, and later runs read the rest', async () => {
  // For these, every part of the span has one retry, with its timeout or its wait.
  const { 'a drip': _, 'HTTP 500': __, ...others } = faults;
  const cases = Object.values(others);
  const mesh = livelyMesh(cases.length + 3, 30, noon);
  let isBroken = true;
  const broken = cases.map(([reply], index) =>
    http.get(`*/${keyOf(index + 1)}/packet-trace/base/0`, () => (isBroken ? reply() : undefined)),
  );
  const archive = await serve(mesh, broken);
  const at = place(settings);
  const run = () => runAt(noon, [archive.base, '6h', ...at.options]);
  const { code, stdout, stderr } = await run();
  expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
  const warnings = warningsOf(stderr);
  // Tests with equal failures share a line.
  for (const [, said] of cases) {
    expect(warnings).toContainEqual(expect.stringMatching(said));
  }
  for (const line of warnings) {
    expect(line).toMatch(/^192\.0\.2\.(\d+)_/);
    expect(Number(line.split(/[._]/)[3])).toBeLessThanOrEqual(cases.length);
  }
  const shown = () =>
    JSON.parse(pages(at.out).get('data/matrix.json') ?? '').cells.map(
      (cell: { source: string }) => cell.source,
    );
  expect(shown()).toEqual(
    expect.arrayContaining([1, 2, 3].map((number) => `192.0.2.${cases.length + number}`)),
  );

  isBroken = false;
  expect(await run()).toEqual({ code: 0, stdout: '', stderr: '' });
  const undisturbed = place(settings);
  await runAt(noon, [archive.base, '6h', ...undisturbed.options]);
  expect(contentOf(at.state)).toEqual(contentOf(undisturbed.state));
  expect(pagesOf(at.out)).toEqual(pagesOf(undisturbed.out));
});

test('a run waits as long as an archive asks, without a message', async () => {
  const asked: number[] = [];
  const busy = http.get(`*/${keyOf(1)}/packet-trace/base/0`, () => {
    asked.push(performance.now());
    const headers = { 'retry-after': '1' };
    return asked.length === 1 ? new HttpResponse(null, { status: 429, headers }) : undefined;
  });
  const archive = await serve([livelyTest(1, 20, noon)], [busy]);
  const at = place('[http]\nretries = 1\n');
  const ended = await runAt(noon, [archive.base, '3h', ...at.options]);
  expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
  expect((asked[1] ?? 0) - (asked[0] ?? 0)).toBeGreaterThanOrEqual(1000);
});

test('JSON of another content type and with a byte order mark is valid', async () => {
  const [one] = livelyMesh(1, 20, noon);
  const list = http.get(`*${basePath}/`, () =>
    json(`\ufeff${JSON.stringify([one?.metadata])}`, 'text/plain'),
  );
  const archive = await serve(one === undefined ? [] : [one], [list]);
  const ended = await runAt(noon, [archive.base, '3h', ...place().options]);
  expect(ended).toEqual({ code: 0, stdout: '', stderr: '' });
});
