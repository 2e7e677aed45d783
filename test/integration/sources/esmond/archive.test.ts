import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpResponse, http } from 'msw';
import { expect, onTestFinished, test } from 'vitest';
import { ForeignText } from '../../../../src/model/run/foreignText.ts';
import { openArchive } from '../../../../src/sources/esmond/archive.ts';
import type { ArchiveOptions } from '../../../../src/sources/types.ts';
import { startArchiveServer } from '../../../helpers/archiveServer.ts';
import { basePath, fakeArchive, metadata, trace } from '../../../helpers/fakeArchive.ts';
import { redirect } from '../../../helpers/faults.ts';
import { archiveOptions, openTestArchive } from '../../../helpers/openTestArchive.ts';

const window = { from: 1_700_000_000, to: 1_700_086_399 };
const tlsFile = (name: string) =>
  readFileSync(new URL(`../../../fixtures/sources/tls/${name}`, import.meta.url), 'utf8');
const secure = { key: tlsFile('server.key'), cert: tlsFile('localhost.pem') };
const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, hide: () => {} };
const handlers = fakeArchive([
  { metadata: metadata(), results: { 'packet-trace': [trace(window.from, '203.0.113.9')] } },
]);

function open(options: ArchiveOptions) {
  const archive = openArchive(options, silent);
  onTestFinished(() => archive.close());
  return archive;
}

test('an archive given as host:port is queried by https first, then by http if the port has no TLS', async () => {
  const plain = await startArchiveServer(handlers);
  onTestFinished(plain.close);
  const archive = open(archiveOptions(`127.0.0.1:${plain.port}`));
  expect((await archive.listTests(window)).tests).toHaveLength(1);
  const tls = await startArchiveServer(handlers, secure);
  onTestFinished(tls.close);
  const trusted = open(
    archiveOptions(`127.0.0.1:${tls.port}`, { caPem: tlsFile('authority.pem') }),
  );
  expect((await trusted.listTests(window)).tests).toHaveLength(1);
});

test('an untrusted certificate never leads to http', async () => {
  const tls = await startArchiveServer(handlers, secure);
  onTestFinished(tls.close);
  const archive = open(archiveOptions(`127.0.0.1:${tls.port}`));
  await expect(archive.listTests(window)).rejects.toMatchObject({
    kind: 'misconfigured',
    subject: `127.0.0.1:${tls.port}${basePath}`,
    remedy: expect.stringContaining('--ca FILE'),
  });
  expect(tls.requests).toEqual([]);
});

test('an archive that refuses both is unreachable, and the message gives the reason once', async () => {
  const server = await startArchiveServer([]);
  await server.close();
  const archive = open(archiveOptions(`127.0.0.1:${server.port}`, { retries: 1 }));
  await expect(archive.listTests(window)).rejects.toMatchObject({
    kind: 'unreachable',
    message: `Neither https nor http works: 127.0.0.1:${server.port} refused the connection.`,
  });
});

test('an archive that moved to https is queried there from then on', async () => {
  const tls = await startArchiveServer(handlers, secure);
  onTestFinished(tls.close);
  const plain = createServer((incoming, outgoing) => {
    outgoing.writeHead(301, { location: `${tls.url}${incoming.url}` }).end();
  });
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void plain.close());
  const { port } = plain.address() as AddressInfo;
  const archive = open(
    archiveOptions(`http://127.0.0.1:${port}`, { caPem: tlsFile('authority.pem') }),
  );
  await archive.listTests(window);
  await archive.listTests(window);
  expect(tls.requests).toHaveLength(2);
  expect(archive.counters.requests).toBe(3);
  expect(archive.url).toBe(`${tls.url}${basePath}`);
  expect(archive.id).toBe(`127.0.0.1:${port}${basePath}`);
});

test('no URL of a response is ever requested', async () => {
  const trap = await startArchiveServer([http.all('*', () => HttpResponse.json([]))]);
  onTestFinished(trap.close);
  const urls = {
    url: `${trap.url}/x`,
    uri: '//trap/x',
    'metadata-next-page': `${trap.url}/?offset=1`,
  };
  const events = [
    { 'event-type': 'packet-trace', 'base-uri': `${trap.url}/x/base`, 'time-updated': 2e9 },
  ];
  const lure = { ...metadata(urls), 'event-types': events, 'metadata-count-total': 3000 };
  const results = { 'packet-trace': [trace(window.from, '203.0.113.9')] };
  const { archive, server } = await openTestArchive([
    http.get(`*${basePath}/`, ({ request }) =>
      request.url.includes('offset=0') ? HttpResponse.json([lure]) : HttpResponse.json([]),
    ),
    ...fakeArchive([{ metadata: metadata(), results }]),
  ]);
  const { tests } = await archive.listTests(window);
  for (const test of tests)
    for await (const batch of archive.readTraces(test, window))
      expect(batch.traces).toHaveLength(1);
  expect(trap.requests).toEqual([]);
  expect(server.requests.every((path) => path.startsWith(basePath))).toBe(true);
});

test('a redirect to another server is not followed, but reported', async () => {
  const { archive } = await openTestArchive([
    http.all('*', () => redirect('https://portal.example.net/login')),
  ]);
  await expect(archive.listTests(window)).rejects.toMatchObject({
    kind: 'misconfigured',
    message: expect.stringContaining('redirects elsewhere, which pstrace does not follow'),
    detail: new ForeignText('https://portal.example.net/login'),
  });
});

test('an invalid address is a configuration error', () => {
  expect(() => open(archiveOptions('not an archive'))).toThrow(/not an archive address/);
});
