import { HttpResponse, http } from 'msw';
import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../../../src/lib/log.ts';
import { silentProgress } from '../../../../src/lib/progress.ts';
import { ForeignText } from '../../../../src/model/run/foreignText.ts';
import { collectArchives as collectBehindGate } from '../../../../src/pipeline/collect/collectArchives.ts';
import type { Session } from '../../../../src/pipeline/session.ts';
import type { Archive } from '../../../../src/sources/types.ts';
import { openStore } from '../../../../src/store/open.ts';
import { basePath, eventType, type FakeTest, fakeArchive } from '../../../helpers/fakeArchive.ts';
import { openTestArchive } from '../../../helpers/openTestArchive.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { keyOf, meshTest } from '../mesh.ts';

const now = 1_795_000_000;
const day = { from: now - 86_400, to: now };

function session(at = now): Session & { readonly lines: string[] } {
  const lines: string[] = [];
  const stream = { write: (text: string) => lines.push(text.trimEnd()) };
  return {
    log: createLog({ level: 'warn', json: false, stream }),
    progress: silentProgress(stream),
    signal: new AbortController().signal,
    now: at,
    clock: () => at,
    print: () => {},
    printIfInteractive: () => {},
    env: {},
    lines,
  };
}

function newStore() {
  const store = openStore(tempDir(), now);
  onTestFinished(() => store.close());
  return store;
}

type Arguments = Parameters<typeof collectBehindGate>;

/** Reads archives behind an open gate. */
function collectArchives(
  sources: Arguments[0],
  store: Arguments[1],
  request: Arguments[2],
  at: Arguments[3],
) {
  return collectBehindGate(sources, store, request, at, { pass: async () => {} });
}

const wanted = { window: day, overlapSeconds: 7200 };
const asked = (tests: Archive) => [{ stream: null, tests, concurrency: 2 }];

test('no more tests of an archive are read at a time than wanted', async () => {
  const tests = Array.from({ length: 9 }, (_, index) => meshTest(index + 1, 3, now - 60));
  const { archive } = await openTestArchive(fakeArchive(tests));
  let running = 0;
  let most = 0;
  const counted: Archive = {
    ...archive,
    async *readTraces(one, window) {
      running++;
      most = Math.max(most, running);
      yield* archive.readTraces(one, window);
      running--;
    },
  };
  const [collected] = await collectArchives(asked(counted), newStore(), wanted, session());
  expect(collected?.record).toMatchObject({
    ok: true,
    testsListed: 9,
    tracesRead: 27,
    tracesNew: 27,
  });
  expect(most).toBe(2);
});

test('a bug met in one test is reported with its stack and does not stop the others', async () => {
  const tests = [1, 2, 3].map((number) => meshTest(number, 3, now - 60));
  const { archive } = await openTestArchive(fakeArchive(tests));
  const faulty: Archive = {
    ...archive,
    readTraces(one, window) {
      if (one.key === keyOf(2)) throw new TypeError('hop is undefined');
      return archive.readTraces(one, window);
    },
  };
  const at = session();
  const store = newStore();
  const [collected] = await collectArchives(asked(faulty), store, wanted, at);
  expect(collected?.record).toMatchObject({ ok: true, tracesNew: 6 });
  expect(collected?.problems).toMatchObject([
    { message: 'pstrace itself failed here.', detail: new ForeignText('hop is undefined') },
  ]);
  expect(at.lines[0]).toMatch(/this is a bug in pstrace/);
});

test('a test that can never be read does not make the list be read from its beginning each time', async () => {
  const broken = http.get(`*/${keyOf(2)}/packet-trace/base/0`, () => HttpResponse.json({}));
  const tests = [1, 2, 3].map((number) => meshTest(number, 3, now - 60));
  const { archive, server } = await openTestArchive([broken, ...fakeArchive(tests)]);
  const store = newStore();
  const run = async (at: number) => {
    const window = { from: at - 86_400, to: at };
    const number = store.startRun({ ...emptyRun, window });
    const [one] = await collectArchives(asked(archive), store, { ...wanted, window }, session(at));
    const archives = one === undefined ? [] : [one.record];
    store.finishRun(number, { ...emptyRun, window, archives });
    return one?.problems;
  };
  expect(await run(now)).toHaveLength(1);
  expect(await run(now + 1800)).toHaveLength(1);
  const lists = server.requests.filter((path) => path.startsWith(`${basePath}/?`));
  const from = lists.map((path) => Number(/time-start=(\d+)/.exec(path)?.[1]));
  expect(from).toEqual([now - 86_400, now - 7200]);
});

test('what could not be read of a test is read later, though the list names the test no more', async () => {
  let isBroken = true;
  let isListed = true;
  const broken = http.get(`*/${keyOf(2)}/packet-trace/base/0`, () =>
    isBroken ? HttpResponse.json({}) : undefined,
  );
  // So few results tell no interval, and with it no result that is due.
  const [one, other] = [meshTest(1, 3, now - 60), meshTest(2, 2, now - 60)];
  const list = http.get(`*${basePath}/`, () =>
    isListed ? undefined : HttpResponse.json([one.metadata]),
  );
  const { archive, server } = await openTestArchive([list, broken, ...fakeArchive([one, other])]);
  const store = newStore();
  const run = (at: number) =>
    collectArchives(
      asked(archive),
      store,
      { window: { from: at - 86_400, to: at }, overlapSeconds: 7200 },
      session(at),
    );
  await run(now);
  [isBroken, isListed] = [false, false];
  const [second] = await run(now + 1800);
  expect(second).toMatchObject({ problems: [], record: { tracesNew: 2 } });
  // Nothing of it is missing any more, so it is left alone.
  server.requests.splice(0);
  await run(now + 3600);
  expect(server.requests.filter((path) => path.includes(keyOf(2)))).toEqual([]);
});

test('a list that does not end is read from its beginning the next time', async () => {
  const { archive } = await openTestArchive(fakeArchive([meshTest(1, 3, now)]));
  const endless: Archive = {
    ...archive,
    listTests: async (window) => ({ ...(await archive.listTests(window)), isComplete: false }),
  };
  const store = newStore();
  await collectArchives(asked(endless), store, wanted, session());
  expect(store.listedUntil(archive.id)).toBeNull();
  await collectArchives(asked(archive), store, wanted, session());
  expect(store.listedUntil(archive.id)).toBe(now);
});

test('an archive without a readable test is not ok', async () => {
  const broken = http.get('*/packet-trace/base/0', () => new HttpResponse(null, { status: 500 }));
  const { archive } = await openTestArchive([broken, ...fakeArchive([meshTest(1, 3, now)])], {
    retries: 0,
  });
  const [collected] = await collectArchives(asked(archive), newStore(), wanted, session());
  expect(collected?.record).toMatchObject({ ok: false, testsListed: 1, tracesNew: 0 });
  expect(collected?.problems).toHaveLength(1);
});

test('a test that only fails, and so is no longer listed, is still asked for its failures', async () => {
  const failing: FakeTest = {
    metadata: {
      ...meshTest(1).metadata,
      'event-types': [eventType('packet-trace', now), eventType('failures', now)],
    },
    results: {
      ...meshTest(1, 12, now - 7200).results,
      failures: [{ ts: now + 1200, val: { error: 'no route to host' } }],
    },
  };
  const healthy = meshTest(2, 24, now + 1700);
  let dropped = false;
  const list = http.get(`*${basePath}/`, () =>
    dropped ? HttpResponse.json([healthy.metadata]) : undefined,
  );
  const { archive } = await openTestArchive([list, ...fakeArchive([failing, healthy])]);
  const store = newStore();
  await collectArchives(asked(archive), store, wanted, session());
  dropped = true;
  const later = { window: { from: day.from + 1800, to: now + 1800 }, overlapSeconds: 7200 };
  const [collected] = await collectArchives(asked(archive), store, later, session(now + 1800));
  expect(collected?.problems).toEqual([]);
  const id = store.tests().find(({ key }) => key === keyOf(1))?.id ?? '';
  expect(store.failures(id, later.window)).toEqual([
    { at: now + 1200, error: 'there is no route to the destination' },
  ]);
});

test('an archive with nothing new since the last run is no problem; with nothing at all it is one', async () => {
  let quiet = false;
  const list = http.get(`*${basePath}/`, () => (quiet ? HttpResponse.json([]) : undefined));
  const { archive } = await openTestArchive([list, ...fakeArchive([meshTest(1, 3, now - 60)])]);
  const store = newStore();
  const number = store.startRun(emptyRun);
  const [first] = await collectArchives(asked(archive), store, wanted, session());
  store.finishRun(number, { ...emptyRun, archives: first === undefined ? [] : [first.record] });
  quiet = true;
  const later = { window: { from: day.from + 1800, to: now + 1800 }, overlapSeconds: 7200 };
  const [second] = await collectArchives(asked(archive), store, later, session(now + 1800));
  expect(second?.record.ok).toBe(true);
  expect(second?.problems).toEqual([]);
  const [fresh] = await collectArchives(asked(archive), newStore(), later, session(now + 1800));
  expect(fresh?.problems).toMatchObject([{ kind: 'not-found' }]);
});

/** Six tests of an elmond that shows the results since a moment. */
async function elmondThatHides() {
  const shown = { from: 0 };
  const tests = [1, 2, 3, 4, 5, 6].map((number) => {
    const one = meshTest(number, 140, now - 60 * number);
    return {
      ...one,
      metadata: { ...one.metadata, 'metadata-key': keyOf(number).padStart(64, '0') },
    };
  });
  const data = http.get(`*${basePath}/:key/packet-trace/base/0`, async ({ request, params }) => {
    const { searchParams } = new URL(request.url);
    const from = Math.max(shown.from, Number(searchParams.get('time-start')));
    const test = tests.find(({ metadata }) => metadata['metadata-key'] === params.key);
    const to = Number(searchParams.get('time-end'));
    const all = test?.results?.['packet-trace'] ?? [];
    return HttpResponse.json(all.filter(({ ts }) => Number(ts) >= from && Number(ts) <= to));
  });
  return { shown, ...(await openTestArchive([data, ...fakeArchive(tests, 'elmond')])) };
}

test('a missing index of elmond leaves no hole: the time before a common start is read again', async () => {
  const { archive, shown } = await elmondThatHides();
  const store = newStore();
  shown.from = now - 3 * 3600;
  const [first] = await collectArchives(asked(archive), store, wanted, session());
  expect(first).toMatchObject({
    problems: [],
    warnings: [{ message: expect.stringMatching(/^All tests seem to begin/) }],
  });
  shown.from = 0;
  const later = { ...wanted, window: { from: day.from + 1800, to: now + 1800 } };
  const [second] = await collectArchives(asked(archive), store, later, session(now + 1800));
  const found = store.tests().map(({ id }) => store.traces(id, later.window).length);
  expect(Math.min(...found)).toBeGreaterThan(135);
  expect(second?.warnings).toEqual([]);
});

test('--again requests what earlier runs have read', async () => {
  const { archive, shown } = await elmondThatHides();
  const store = newStore();
  shown.from = now - 86_400 + 7200;
  await collectArchives(asked(archive), store, wanted, session());
  const countTraces = () =>
    store.tests().reduce((sum, { id }) => sum + store.traces(id, day).length, 0);
  const before = countTraces();
  shown.from = 0;
  await collectArchives(asked(archive), store, { ...wanted, again: true }, session());
  expect(countTraces()).toBeGreaterThan(before + 6 * 5);
});

const emptyRun = {
  startedAt: now,
  finishedAt: now,
  outcome: 'ok' as const,
  window: day,
  version: '0',
  archives: [],
  pagesWritten: 0,
  pagesUnchanged: 0,
  problems: [],
};

test('late results within an overlap that could not be read come with a later run', async () => {
  const whole = meshTest(1, 12, now - 60);
  const results = whole.results?.['packet-trace'] ?? [];
  const held: FakeTest[] = [];
  let isBroken = false;
  const broken = http.get(`*${basePath}/:key/:event/base/0`, ({ request }) => {
    const from = Number(new URL(request.url).searchParams.get('time-start'));
    return isBroken && from < now ? new HttpResponse(null, { status: 500 }) : undefined;
  });
  const { archive } = await openTestArchive([broken, ...fakeArchive(held)]);
  const store = newStore();
  const run = async (at: number, late: number) => {
    const shown = { 'packet-trace': results.filter((_, index) => index !== late) };
    held.splice(0, held.length, { ...whole, results: shown });
    const request = { window: { from: at - 86_400, to: at }, overlapSeconds: 900 };
    await collectArchives(asked(archive), store, request, session(at));
  };
  const late = results.length - 2;
  await run(now, late);
  isBroken = true;
  await run(now + 900, late);
  isBroken = false;
  await run(now + 1800, -1);
  const [test1] = store.tests();
  expect(store.traces(test1?.id ?? '', { from: 0, to: 2 ** 40 })).toHaveLength(12);
});
