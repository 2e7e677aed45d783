import { HttpResponse, http } from 'msw';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../../../src/lib/log.ts';
import { connectionsOf } from '../../../../src/pipeline/archiveSource.ts';
import { chooseReader } from '../../../../src/pipeline/collect/chooseReader.ts';
import { openArchiveReaders } from '../../../../src/sources/archives.ts';
import { openStore } from '../../../../src/store/open.ts';
import { startArchiveServer } from '../../../helpers/archiveServer.ts';
import { startOpenSearch } from '../../../helpers/fakeOpenSearch.ts';
import { archiveOptions } from '../../../helpers/openTestArchive.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { traceDocument } from '../../../helpers/traceDocument.ts';

const now = 1_795_000_000;
const day = 86_400;
const log = createLog({ level: 'error', json: false, stream: { write: () => true } });

function newStore() {
  const store = openStore(tempDir(), now);
  onTestFinished(() => store.close());
  return store;
}

/** The URL of the stream that is chosen for an address, or null for test by test. */
async function choice(
  url: string,
  store = newStore(),
  at = now,
  authorization: string | null = null,
): Promise<string | null> {
  const options = archiveOptions(url, { retries: 1, authorization });
  const readers = openArchiveReaders(options, log);
  try {
    return (await chooseReader(readers, store, async () => {}, { now: at, log }))?.url ?? null;
  } finally {
    await Promise.all(connectionsOf(readers).map((each) => each.close()));
  }
}

test('a host whose OpenSearch may be read is read as one stream', async () => {
  const { port, url } = await startOpenSearch();
  expect(await choice(`127.0.0.1:${port}`)).toBe(`${url}/opensearch`);
});

test('an address with the path of elmond is read test by test, without a question', async () => {
  const { url, searches } = await startOpenSearch();
  expect(await choice(`${url}/esmond/perfsonar/archive`)).toBeNull();
  expect(searches).toEqual([]);
});

test.each([
  ['401', () => new HttpResponse('Unauthorized', { status: 401 })],
  ['403', () => HttpResponse.json({ error: {}, status: 403 }, { status: 403 })],
  ['404', () => new HttpResponse('<html></html>', { status: 404 })],
  ['a web page', () => HttpResponse.html('<html>Log in</html>')],
  ['foreign JSON', () => HttpResponse.json({ hello: 'world' })],
])('%s means elmond, and the archive is asked again a day later', async (_, response) => {
  const server = await startArchiveServer([http.get('*', response)]);
  onTestFinished(server.close);
  const store = newStore();
  expect(await choice(server.url, store)).toBeNull();
  const asked = server.requests.length;
  expect(asked).toBeGreaterThan(0);
  expect(await choice(server.url, store, now + day / 2)).toBeNull();
  expect(server.requests).toHaveLength(asked);
  expect(await choice(server.url, store, now + day)).toBeNull();
  expect(server.requests.length).toBeGreaterThan(asked);
});

test('an old OpenSearch, which takes the path of a proxy for an index, is read at its root', async () => {
  const fake = await startOpenSearch();
  fake.intercept = ({ url }, outgoing) => {
    if (!url?.startsWith('/opensearch/')) return false;
    const _shards = { total: 0, successful: 0, skipped: 0, failed: 0 };
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify({ timed_out: false, _shards, hits: { hits: [] } }));
    return true;
  };
  fake.add('.ds-pscheduler_trace-000001', traceDocument(now - 600));
  expect(await choice(fake.url)).toBe(fake.url);
});

test('a rejected login is an error, and no reason to read elmond', async () => {
  const isRoot = ({ request }: { request: Request }) =>
    new URL(request.url).pathname.startsWith('/opensearch/')
      ? HttpResponse.json({ error: 'no handler found', status: 400 }, { status: 400 })
      : new HttpResponse('Unauthorized', { status: 401 });
  const server = await startArchiveServer([http.get('*', isRoot)]);
  onTestFinished(server.close);
  await expect(choice(server.url, newStore(), now, 'Basic d3Jvbmc=')).rejects.toThrow(
    'requires a login, or rejects the one it was given',
  );
});

test('a host that does not respond is asked again in the next run', async () => {
  const { port } = await startArchiveServer([]).then(async (server) => {
    await server.close();
    return server;
  });
  const store = newStore();
  expect(await choice(`http://127.0.0.1:${port}`, store)).toBeNull();
  expect(store.archiveReaders.find(`127.0.0.1:${port}/esmond/perfsonar/archive`)).toBeNull();
});

test('a stream that earlier runs read and that is down is not read through elmond', async () => {
  const fake = await startOpenSearch();
  const store = newStore();
  await choice(fake.url, store);
  fake.intercept = (_, outgoing) => {
    outgoing.writeHead(502).end();
    return true;
  };
  await expect(choice(fake.url, store)).rejects.toMatchObject({
    message: expect.stringContaining('is down'),
  });
});

test('a stream that was closed to this host since is read through elmond', async () => {
  const fake = await startOpenSearch();
  const store = newStore();
  await choice(fake.url, store);
  fake.intercept = (_, outgoing) => {
    outgoing.writeHead(403).end('{}');
    return true;
  };
  expect(await choice(fake.url, store)).toBeNull();
});
