import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../../../src/lib/log.ts';
import { silentProgress } from '../../../../src/lib/progress.ts';
import { connectionsOf } from '../../../../src/pipeline/archiveSource.ts';
import { collectArchives } from '../../../../src/pipeline/collect/collectArchives.ts';
import type { Session } from '../../../../src/pipeline/session.ts';
import { openArchiveReaders } from '../../../../src/sources/archives.ts';
import type { ArchiveOptions } from '../../../../src/sources/types.ts';
import { openStore } from '../../../../src/store/open.ts';
import { type FakeOpenSearch, startOpenSearch } from '../../../helpers/fakeOpenSearch.ts';
import { archiveOptions } from '../../../helpers/openTestArchive.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { traceDocument } from '../../../helpers/traceDocument.ts';

const now = 1_795_000_000;
const hour = 3600;
const day = 24 * hour;
const index = '.ds-pscheduler_trace-000001';
const nextIndex = '.ds-pscheduler_trace-000002';

function session(at = now): Session {
  const stream = { write: () => true };
  return {
    log: createLog({ level: 'warn', json: false, stream }),
    progress: silentProgress(stream),
    signal: new AbortController().signal,
    now: at,
    clock: () => at,
    print: () => {},
    printIfInteractive: () => {},
    env: {},
  };
}

/** A store, and runs that read a fake into it. */
async function setUp(options: Partial<ArchiveOptions> = {}) {
  const fake = await startOpenSearch();
  const store = openStore(tempDir(), now);
  onTestFinished(() => store.close());
  const run = async (at = now, span = day, to = at) => {
    const readers = openArchiveReaders(
      archiveOptions(`${fake.url}/opensearch`, { retries: 0, ...options }),
      session().log,
    );
    const window = { from: to - span, to };
    const request = { window, overlapSeconds: 7200 };
    const source = { ...readers, concurrency: 2 };
    const [collected] = await collectArchives([source], store, request, session(at), {
      pass: async () => {},
    });
    await Promise.all(connectionsOf(readers).map((each) => each.close()));
    fake.searches.splice(0, fake.searches.length - (collected?.record.requests ?? 0));
    return { ...collected?.record, problems: collected?.problems ?? [] };
  };
  const starts = (from = 0) =>
    store
      .tests()
      .flatMap(({ id }) => store.traces(id, { from, to: 2 ** 40 }))
      .map(({ startedAt }) => startedAt)
      .sort();
  return { fake, store, run, starts };
}

/** Adds a run every ten minutes from `from` on. */
function fill(fake: FakeOpenSearch, from: number, count: number, name = index): number[] {
  const starts = Array.from({ length: count }, (_, number) => from + 600 * number);
  fake.add(name, ...starts.map((start) => traceDocument(start)));
  return starts;
}

test('the first run reads the window, the second only what has arrived since', async () => {
  const { fake, run, starts } = await setUp();
  fill(fake, now - 2 * day, 12);
  const first = fill(fake, now - day + 60, 143);
  expect(await run()).toMatchObject({ ok: true, tracesNew: 143, problems: [] });
  expect(starts()).toEqual(first);
  const second = fill(fake, now, 3);
  fake.searches.splice(0);
  expect(await run(now + 1800)).toMatchObject({ ok: true, tracesNew: 3, requests: 3 });
  expect(starts()).toEqual([...first, ...second]);
});

test('a result that arrives hours late is found, and nothing else is read again', async () => {
  const { fake, run, starts } = await setUp();
  fill(fake, now - day + 60, 143);
  await run();
  fake.add(index, traceDocument(now - 9 * hour + 7, { arrivedAt: now + 60 }));
  expect(await run(now + 600)).toMatchObject({ tracesNew: 1, problems: [] });
  expect(starts()).toContain(now - 9 * hour + 7);
});

test('a result that shows after one with a higher number is found', async () => {
  const { fake, run, starts } = await setUp();
  fill(fake, now - hour, 3);
  await run();
  fake.add(index, traceDocument(now + 10), traceDocument(now + 20));
  fake.hidden.add(3);
  await run(now + 60);
  expect(starts(now)).toEqual([now + 20]);
  fake.hidden.clear();
  await run(now + 120);
  expect(starts(now)).toEqual([now + 10, now + 20]);
});

test('the new index after a rollover is read, and an index that retention deletes is let go', async () => {
  const { fake, run, starts } = await setUp();
  fill(fake, now - day + 60, 143);
  await run();
  fill(fake, now, 2);
  const rolled = fill(fake, now + 1200, 2, nextIndex);
  expect(await run(now + 2400)).toMatchObject({ tracesNew: 4, problems: [] });
  fake.drop(index);
  const more = fill(fake, now + 2400, 1, nextIndex);
  expect(await run(now + 3000)).toMatchObject({ tracesNew: 1, problems: [] });
  expect(starts(now + 1200)).toEqual([...rolled, ...more]);
});

test('after a reindexing, the window is read again', async () => {
  const { fake, store, run } = await setUp();
  fill(fake, now - day + 60, 143);
  await run();
  fake.drop(index);
  fill(fake, now - day + 60, 6);
  const late = traceDocument(now - 3 * hour + 11);
  fake.add(index, late);
  expect(await run(now + 600)).toMatchObject({ tracesNew: 1, problems: [] });
  const position = store.archiveReaders.find(`127.0.0.1:${fake.port}/esmond/perfsonar/archive`);
  expect(position?.position?.cursor).toMatchObject({ sequences: { [index]: 6 } });
});

test('a longer window is read back to its start, once', async () => {
  const { fake, run, starts } = await setUp();
  const all = fill(fake, now - 7 * day + 60, 7 * 144 - 1);
  await run();
  expect(await run(now, 7 * day)).toMatchObject({ tracesNew: 6 * 144, problems: [] });
  expect(starts()).toEqual(all);
  expect(await run(now, 7 * day)).toMatchObject({ tracesNew: 0, requests: 3 });
});

test('an interrupted first run continues where it ended', async () => {
  const { fake, run, starts } = await setUp();
  const all = fill(fake, now - 14 * day + 60, 14 * 144 - 1);
  let searches = 0;
  fake.intercept = (incoming, outgoing) => {
    searches += incoming.url?.includes('_search') ? 1 : 0;
    // The probe, the state of the indices, and one page.
    if (searches <= 3) return false;
    outgoing.destroy();
    return true;
  };
  expect(await run(now, 14 * day)).toMatchObject({ ok: false, tracesNew: 1000 });
  fake.intercept = null;
  fake.add(index, traceDocument(now - 13 * day + 7));
  expect(await run(now + 60, 14 * day + 60)).toMatchObject({
    ok: true,
    // The rest, the result of the last second again, the late one, and the last 500 that arrived.
    tracesRead: all.length - 1000 + 1 + 1 + 500,
  });
  expect(starts()).toEqual([...all, now - 13 * day + 7].sort());
});

test('a red index leaves no hole: what is there is shown, and the rest follows', async () => {
  const { fake, store, run, starts } = await setUp();
  const old = fill(fake, now - day + 60, 100);
  const rolled = fill(fake, now - day + 60 + 60_000, 40, nextIndex);
  fake.setRed(index, true);
  const first = await run();
  expect(first).toMatchObject({ ok: true, tracesNew: 40 });
  expect(first.problems).toMatchObject([{ message: expect.stringContaining('not available') }]);
  expect(starts()).toEqual(rolled);
  const { id } = store.tests()[0] ?? { id: '' };
  expect(store.missingIntervals(id, { from: now - day, to: now }, 0)).toHaveLength(1);
  fake.setRed(index, false);
  expect(await run(now + 60)).toMatchObject({ ok: true, tracesNew: 100, problems: [] });
  expect(starts()).toEqual([...old, ...rolled]);
});

test('an answer of some shards is not taken for that of all', async () => {
  const { fake, run } = await setUp();
  fill(fake, now - day + 60, 100);
  fill(fake, now - hour, 3, nextIndex);
  fake.setRed(index, true);
  fake.isLenient = true;
  const { problems } = await run();
  expect(problems).toMatchObject([{ message: expect.stringContaining('not available') }]);
  fake.setRed(index, false);
  expect(await run(now + 60)).toMatchObject({ tracesNew: 100, problems: [] });
});

test('a damaged result costs only itself and is reported once', async () => {
  const { fake, run } = await setUp();
  fill(fake, now - hour, 3);
  fake.add(
    index,
    traceDocument(now - 300, { result: { succeeded: true } }),
    traceDocument(now - 200, { key: 'not a key' }),
    { '@timestamp': new Date(now * 1000).toISOString() },
  );
  const { problems, tracesNew } = await run();
  expect(tracesNew).toBe(3);
  expect(problems).toMatchObject([{ message: expect.stringContaining('invalid results: 2') }]);
  expect(await run(now + 60)).toMatchObject({ problems: [] });
});

test('a result from ahead of the clock is stored when its time has come', async () => {
  const { fake, run, starts } = await setUp();
  fill(fake, now - hour, 3);
  fake.add(index, traceDocument(now + 900));
  await run();
  expect(starts(now)).toEqual([]);
  fake.add(index, traceDocument(now + 300));
  await run(now + 600);
  expect(starts(now)).toEqual([now + 300]);
  await run(now + 1200);
  expect(starts(now)).toEqual([now + 300, now + 900]);
});

test('hosts that elmond stores under one key are two tests', async () => {
  const { fake, store, run } = await setUp();
  const spec = { source: undefined };
  fake.add(
    index,
    traceDocument(now - 600, { spec }),
    traceDocument(now - 590, { spec, source: '192.0.2.2' }),
  );
  await run();
  expect(store.tests().map(({ key, source }) => [key, source])).toEqual([
    ['a'.repeat(64), { address: '192.0.2.1', name: 'ps-1.example.net' }],
    ['a'.repeat(64), { address: '192.0.2.2', name: 'ps-2.example.net' }],
  ]);
});

test('a failed run without an address belongs to the test of its key', async () => {
  const { fake, store, run } = await setUp();
  fake.add(
    index,
    traceDocument(now - 1200),
    traceDocument(now - 600, { destination: null, result: { succeeded: false, error: 'no name' } }),
  );
  await run();
  const [only, ...others] = store.tests();
  expect(others).toEqual([]);
  expect(store.failures(only?.id ?? '', { from: 0, to: now })).toEqual([
    { at: now - 600, error: 'another reason' },
  ]);
});

test('the schedule of a test is its interval', async () => {
  const { fake, store, run } = await setUp();
  fake.add(index, traceDocument(now - hour, { repeat: 86_400 }));
  await run();
  expect(store.tests()[0]?.intervalSeconds).toBe(86_400);
});

test('a page that is too large is read in smaller ones, and a document that is too large is left out', async () => {
  const { fake, run, starts } = await setUp({ maxResponseBytes: 30_000 });
  const all = fill(fake, now - hour, 5);
  const long = Array.from({ length: 200 }, (_, number) => `198.51.100.${number}`);
  fake.add(index, ...all.map((start) => traceDocument(start + 1, { hops: long })));
  const monster = traceDocument(now - 100, {
    result: { succeeded: true, json: [['x'.repeat(40_000)]] },
  });
  fake.add(index, monster, traceDocument(now - 50));
  const { problems } = await run();
  expect(starts()).toEqual([...all, ...all.map((start) => start + 1), now - 50].sort());
  expect(problems).toMatchObject([{ message: expect.stringContaining('invalid results: 1') }]);
});

test('an index of several shards is read by the time of arrival', async () => {
  const { fake, store, run, starts } = await setUp();
  fake.shards = 3;
  fill(fake, now - hour, 6);
  await run();
  const { id } = store.tests()[0] ?? { id: '' };
  const reader = store.archiveReaders.find(store.tests()[0]?.archive ?? '');
  expect(reader?.position?.cursor).toEqual({ arrivedUntil: now - hour + 3000 + 12 });
  fake.add(index, traceDocument(now - 2 * hour, { arrivedAt: now + 10 }));
  expect(await run(now + 60)).toMatchObject({ tracesNew: 1 });
  expect(starts()).toHaveLength(7);
  expect(id).toMatch(/^192.0.2.1_203.0.113.9_traceroute_/);
});

test('a window of the past is read by itself', async () => {
  const { fake, store, run, starts } = await setUp();
  fill(fake, now - 3 * day, 3 * 144);
  expect(await run(now, day, now - day)).toMatchObject({ tracesNew: 145 });
  expect(Math.max(...starts())).toBeLessThanOrEqual(now - day);
  expect(store.archiveReaders.find(store.tests()[0]?.archive ?? '')?.position).toBeNull();
});

test('an archive without traces says so', async () => {
  const { run } = await setUp();
  expect(await run()).toMatchObject({ ok: true, problems: [{ kind: 'not-found' }] });
});

test.each([
  [401, 'requires a login'],
  [403, 'does not let this user'],
  [404, 'has no OpenSearch'],
  [502, 'is down, or starting'],
])('status %i of an address of OpenSearch is explained', async (status, words) => {
  const { fake, run } = await setUp();
  fake.intercept = (_, outgoing) => {
    outgoing.writeHead(status).end('<html><body>Sorry</body></html>');
    return true;
  };
  const { ok, problems } = await run();
  expect(ok).toBe(false);
  expect(problems).toMatchObject([
    { message: expect.stringContaining(words), remedy: expect.any(String) },
  ]);
  expect(JSON.stringify(problems)).not.toContain('Sorry');
});

test('a login goes with every request, but never over a network without TLS', async () => {
  const { fake, run } = await setUp({ authorization: 'ApiKey s3cret' });
  fill(fake, now - hour, 3);
  await run();
  expect(fake.headers.authorization).toBe('ApiKey s3cret');
  const open = (url: string) =>
    openArchiveReaders(archiveOptions(url, { authorization: 'ApiKey s3cret' }), session().log);
  expect(() => open('http://ma.example.org/opensearch')).toThrow('does not protect');
  expect(open('ma.example.org').stream?.url).toBe('https://ma.example.org/opensearch');
});

test('a damaged result is reported once, whatever its test delivers later', async () => {
  const { fake, run } = await setUp();
  fake.add(
    index,
    traceDocument(now - 700),
    traceDocument(now - 650, { result: { succeeded: true } }),
  );
  expect((await run()).problems).toMatchObject([{ message: expect.stringContaining('invalid') }]);
  fake.add(index, traceDocument(now - 100));
  expect(await run(now + 60)).toMatchObject({ tracesNew: 1, problems: [] });
});

test('an index that is made anew with more documents is read again', async () => {
  const { fake, store, run, starts } = await setUp();
  const before = fill(fake, now - day + 600, 20);
  await run();
  fake.drop(index);
  const restored = fill(fake, now - day + 900, 1000 - 860);
  expect(await run(now + 60)).toMatchObject({ problems: [] });
  expect(starts()).toEqual([...before, ...restored].sort());
  expect(await run(now + 120)).toMatchObject({ tracesNew: 0 });
  expect(store.archiveReaders.find(store.tests()[0]?.archive ?? '')?.position).toMatchObject({
    cursor: { uuids: { [index]: `${index} 1` } },
  });
});

test('a position without identities of indices stays, and learns them', async () => {
  const { fake, store, run } = await setUp();
  fill(fake, now - day + 600, 20);
  await run();
  const archive = store.tests()[0]?.archive ?? '';
  const { position } = store.archiveReaders.find(archive) ?? {};
  if (!position || !('sequences' in position.cursor)) throw new Error('no position');
  const { sequences } = position.cursor;
  store.archiveReaders.setPosition(archive, { ...position, cursor: { sequences } });
  expect(await run(now + 60)).toMatchObject({ tracesNew: 0, problems: [] });
  expect(store.archiveReaders.find(archive)?.position).toEqual(position);
});

test('a key that may only read follows the time of arrival', async () => {
  const { fake, run, store, starts } = await setUp({ authorization: 'ApiKey s3cret' });
  const first = fill(fake, now - 3 * hour, 12);
  // Elasticsearch: the privilege `read` does not include `view_index_metadata`.
  fake.intercept = ({ url }, outgoing) => {
    if (url?.includes('/_settings/') !== true) return false;
    outgoing.writeHead(403, { 'x-elastic-product': 'Elasticsearch' });
    outgoing.end(JSON.stringify({ error: { type: 'security_exception' }, status: 403 }));
    return true;
  };
  expect(await run()).toMatchObject({ ok: true, tracesNew: 12, problems: [] });
  const { position } = store.archiveReaders.find(store.tests()[0]?.archive ?? '') ?? {};
  expect(position?.cursor).toEqual({ arrivedUntil: expect.any(Number) });
  const second = fill(fake, now - 30 * 60, 3);
  expect(await run(now + 600)).toMatchObject({ ok: true, tracesNew: 3, problems: [] });
  expect(starts()).toEqual([...first, ...second].sort());
});

test('no request needs a type, a count of hits, or a privilege of the cluster', async () => {
  const { fake, run } = await setUp();
  fill(fake, now - 3 * hour, 12);
  const paths: string[] = [];
  fake.intercept = ({ url }) => {
    paths.push(new URL(url ?? '', fake.url).pathname);
    return false;
  };
  await run();
  fill(fake, now - hour, 3);
  await run(now + 600);
  expect(new Set(paths)).toEqual(
    new Set([
      '/opensearch/pscheduler_trace/_search',
      '/opensearch/pscheduler_trace/_settings/index.uuid,index.number_of_shards',
    ]),
  );
  expect(fake.searches.length).toBeGreaterThan(0);
  for (const { body } of fake.searches) expect(body).toMatchObject({ track_total_hits: false });
});
