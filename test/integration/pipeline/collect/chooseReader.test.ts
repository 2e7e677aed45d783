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

const now = 1_795_000_000;
const day = 86_400;
const log = createLog({ level: 'error', json: false, stream: { write: () => true } });

function newStore() {
  const store = openStore(tempDir(), now);
  onTestFinished(() => store.close());
  return store;
}

/** The URL of the stream that is chosen for an address, or null for test by test. */
async function choice(url: string, store = newStore(), at = now): Promise<string | null> {
  const readers = openArchiveReaders(archiveOptions(url, { retries: 1 }), log);
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
