import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import type { Archive, ReadableTest, ResultBatch } from '../../../../src/sources/types.ts';
import {
  basePath,
  elmondKey,
  esmondKey,
  type FakeResult,
  fakeArchive,
  hop,
  metadata,
  trace,
} from '../../../helpers/fakeArchive.ts';
import { gzipBomb, page, resetAfter, truncated } from '../../../helpers/faults.ts';
import { openTestArchive } from '../../../helpers/openTestArchive.ts';

const from = 1_700_000_000;
const day = 86_400;
const window = { from, to: from + day - 1 };
const route = ['192.0.2.1', '198.51.100.2', '203.0.113.9'];
const everyMinutes = (minutes: number, count: number): FakeResult[] =>
  Array.from({ length: count }, (_, index) => trace(from + index * minutes * 60, ...route));

function readable(changes: Partial<ReadableTest> = {}): ReadableTest {
  return {
    id: 'a-test',
    key: esmondKey,
    tool: 'traceroute',
    destination: { address: '203.0.113.9', name: 'ps-b.example.org' },
    parameters: {},
    eventTypes: ['packet-trace'],
    ...changes,
  };
}

/** All batches of a test, and the final error. */
async function readAll(archive: Archive, test = readable(), time = window) {
  const batches: ResultBatch[] = [];
  let error: unknown = null;
  try {
    for await (const batch of archive.readTraces(test, time)) batches.push(batch);
  } catch (thrown) {
    error = thrown;
  }
  const traces = batches.flatMap((batch) => batch.traces);
  const problems = batches.flatMap((batch) => batch.problems.map(({ message }) => message));
  const warnings = batches.flatMap((batch) => batch.warnings.map(({ message }) => message));
  return { batches, traces, problems, warnings, error };
}

const withResults = (results: Readonly<Record<string, readonly FakeResult[]>>, key = esmondKey) =>
  fakeArchive(
    [{ metadata: metadata({ 'metadata-key': key }), results }],
    key === esmondKey ? 'esmond' : 'elmond',
  );

const asked = (requests: readonly string[]) =>
  requests.map((path) => {
    const { pathname, searchParams } = new URL(path, 'http://x');
    const start = Number(searchParams.get('time-start')) - from;
    return `${pathname.split('/').at(-3)} ${start}..${Number(searchParams.get('time-end')) - from}`;
  });

test('a day of results takes one request, in a form for every generation of archives', async () => {
  const { archive, server } = await openTestArchive(
    withResults({ 'packet-trace': everyMinutes(10, 144) }),
  );
  const { batches, traces, problems, error } = await readAll(archive);
  expect(error).toBeNull();
  expect(traces).toHaveLength(144);
  expect(new Set(traces.map((one) => one.route)).size).toBe(1);
  expect(batches.map(({ interval }) => interval)).toEqual([window]);
  expect([...(batches[0]?.responders.keys() ?? [])]).toEqual(route);
  expect(problems).toEqual([]);
  expect(server.requests).toEqual([
    `${basePath}/${esmondKey}/packet-trace/base/0?time-start=${from}&time-end=${from + day - 1}&limit=10000&format=json`,
  ]);
});

test('a day with both its ends takes one request too', async () => {
  const { archive, server } = await openTestArchive(
    withResults({ 'packet-trace': everyMinutes(10, 144) }),
  );
  await readAll(archive, readable(), { from, to: from + day });
  expect(asked(server.requests)).toEqual([`packet-trace 0..${day}`]);
});

test('a long window is read in slices without gap or overlap, wider ones for sparse results', async () => {
  const month = { from, to: from + 30 * day - 1 };
  const { archive, server } = await openTestArchive(
    withResults({ 'packet-trace': everyMinutes(60, 720) }),
  );
  const { batches, traces } = await readAll(archive, readable(), month);
  expect(traces).toHaveLength(720);
  expect(asked(server.requests)).toEqual([
    'packet-trace 0..86399',
    `packet-trace 86400..${5 * day - 1}`,
    `packet-trace ${5 * day}..${19 * day - 1}`,
    `packet-trace ${19 * day}..${30 * day - 1}`,
  ]);
  const edges = batches.map(({ interval }) => interval);
  expect(edges[0]?.from).toBe(month.from);
  expect(edges.at(-1)?.to).toBe(month.to);
  const ends = edges.slice(0, -1).map(({ to }) => to + 1);
  expect(edges.slice(1).map((edge) => edge.from)).toEqual(ends);
});

test.each([1000, 1500, 10_000])(
  'a page of exactly %i results may be truncated, so its halves are requested',
  async (cap) => {
    const count = cap + 200;
    const results = Array.from({ length: count }, (_, index) =>
      trace(from + index * Math.floor(day / count), ...route),
    );
    const { archive, server } = await openTestArchive([
      http.get(`*${basePath}/:key/packet-trace/base/0`, ({ request }) => {
        const { searchParams } = new URL(request.url);
        const inTime = results.filter(
          ({ ts }) =>
            Number(ts) >= Number(searchParams.get('time-start')) &&
            Number(ts) <= Number(searchParams.get('time-end')),
        );
        return HttpResponse.json(inTime.slice(0, cap));
      }),
    ]);
    const { traces, problems } = await readAll(archive);
    expect(traces).toHaveLength(count);
    expect(problems).toEqual([]);
    expect(server.requests).toHaveLength(3);
  },
);

test('an archive that ignores the requested interval causes a bounded number of requests', async () => {
  const results = Array.from({ length: 1000 }, (_, index) => trace(from + index));
  const { archive, server } = await openTestArchive([
    http.get(`*${basePath}/:key/packet-trace/base/0`, () => HttpResponse.json(results)),
  ]);
  const { error, traces } = await readAll(archive);
  expect(traces).toEqual([]);
  expect(error).toMatchObject({ kind: 'invalid-response', subject: 'a-test' });
  expect(server.requests).toHaveLength(200);
});

test('the halves of an oversized response are requested', async () => {
  const { archive, server } = await openTestArchive(
    withResults({ 'packet-trace': everyMinutes(10, 144) }),
    { maxResponseBytes: 20_000 },
  );
  const { traces, problems } = await readAll(archive);
  expect(traces).toHaveLength(144);
  expect(problems).toEqual([]);
  expect(server.requests.length).toBeGreaterThan(2);
});

/** elmond fails for every window with the damaged document. */
function withDamageAt(ts: number, answer = () => page('<p>Internal Server Error', 500)) {
  const handlers = withResults({ 'packet-trace': everyMinutes(10, 144) });
  const damaged = http.get(`*${basePath}/:key/packet-trace/base/0`, ({ request }) => {
    const { searchParams } = new URL(request.url);
    const inside =
      Number(searchParams.get('time-start')) <= ts && ts <= Number(searchParams.get('time-end'));
    return inside ? answer() : undefined;
  });
  return [damaged, ...handlers];
}

test.each([
  ['status 500', () => page('<p>Internal Server Error', 500)],
  ['broken JSON', () => new Response('[{"ts": NaN}]')],
  ['a gzip bomb', () => gzipBomb(2_000_000)],
])(
  'one damaged record, to which the archive responds with %s, costs only its minute',
  async (_, answer) => {
    const at = from + 50 * 600;
    const { archive, server } = await openTestArchive(withDamageAt(at, answer), {
      retries: 0,
      maxResponseBytes: 200_000,
    });
    const { traces, problems, warnings, batches, error } = await readAll(archive);
    expect(error).toBeNull();
    expect(traces.map(({ startedAt }) => startedAt)).toEqual(
      everyMinutes(10, 144)
        .map(({ ts }) => ts)
        .filter((ts) => ts !== at),
    );
    expect(problems).toEqual([]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      /^The archive cannot send an interval, the first from 2023-11-15T06:3\d:\d\dZ to 2023-11-15T06:3\d:\d\dZ: /,
    );
    // Another request would not bring it.
    const covered = batches.some(({ interval }) => interval.from <= at && at <= interval.to);
    expect(covered).toBe(true);
    expect(server.requests.length).toBeLessThan(45);
  },
);

test('a minute that fails by chance is requested again', async () => {
  const at = from + 50 * 600;
  let repeated = 0;
  const [, ...handlers] = withDamageAt(at);
  const flaky = http.get(`*${basePath}/:key/packet-trace/base/0`, ({ request }) => {
    const { searchParams } = new URL(request.url);
    const start = Number(searchParams.get('time-start'));
    const end = Number(searchParams.get('time-end'));
    if (start > at || end < at) return;
    if (end - start < 60) repeated += 1;
    // The first request of a part has one retry.
    return repeated > 2 ? undefined : page('<p>Internal Server Error', 500);
  });
  const { archive } = await openTestArchive([flaky, ...handlers], { retries: 0 });
  const { traces, problems, warnings } = await readAll(archive);
  expect(traces).toHaveLength(144);
  expect([...problems, ...warnings]).toEqual([]);
  expect(repeated).toBe(3);
});

test('a test that always fails is abandoned soon and does not affect others', async () => {
  const broken = http.get(`*${basePath}/broken/packet-trace/base/0`, () => page('no', 500));
  const handlers = withResults({ 'packet-trace': everyMinutes(10, 144) });
  const { archive, server } = await openTestArchive([broken, ...handlers], { retries: 3 });
  const [bad, good] = await Promise.all([
    readAll(archive, readable({ key: 'broken', id: 'broken-test' })),
    readAll(archive),
  ]);
  expect(bad.batches).toEqual([]);
  expect(bad.error).toMatchObject({
    kind: 'invalid-response',
    subject: 'broken-test',
    message: expect.stringMatching(
      /^The archive cannot send an interval, the first from 2023-11-14T22:13:20Z to 2023-11-15T22:13:19Z: .* 500\.$/,
    ),
  });
  expect(good).toMatchObject({ error: null, problems: [] });
  expect(good.traces).toHaveLength(144);
  const forBroken = server.requests.filter((path) => path.includes('/broken/'));
  expect(forBroken, 'one with all repetitions, five parts with one').toHaveLength(4 + 5 * 2);
});

test('results from before a failure of the archive are kept', async () => {
  const handlers = withResults({ 'packet-trace': everyMinutes(10, 500) });
  const second = http.get(`*${basePath}/:key/packet-trace/base/0`, ({ request }) =>
    request.url.includes(`time-start=${from}&`) ? undefined : resetAfter(40, []),
  );
  const { archive } = await openTestArchive([second, ...handlers], { retries: 1 });
  const { traces, error } = await readAll(archive, readable(), { from, to: from + 3 * day });
  expect(traces).toHaveLength(144);
  expect(error).toMatchObject({ kind: 'unreachable', subject: archive.id });
});

test.each([
  ['a web page', () => page('<h1>Log in</h1>'), 'invalid-response'],
  ['cut JSON', () => truncated(everyMinutes(10, 3), 100), 'invalid-response'],
  ['an object', () => HttpResponse.json({ error: 'nothing here' }), 'invalid-response'],
  ['status 403', () => page('forbidden', 403), 'misconfigured'],
])('%s in place of results is an error of this test', async (_, answer, kind) => {
  const { archive } = await openTestArchive([http.get('*', answer)]);
  const { error, batches } = await readAll(archive);
  expect(batches).toEqual([]);
  expect(error).toMatchObject({ kind, subject: 'a-test' });
});

test('invalid results are one problem of the last batch', async () => {
  const results = [
    ...everyMinutes(60, 24),
    { ts: from + 7, val: 'x' },
    ...everyMinutes(60, 48).slice(24),
    { ts: from + day + 7, val: null },
  ];
  const { archive } = await openTestArchive(withResults({ 'packet-trace': results }));
  const { batches } = await readAll(archive, readable(), { from, to: from + 2 * day });
  expect(batches.map(({ problems }) => problems.length)).toEqual([0, 1]);
  expect(batches[1]?.problems[0]).toMatchObject({
    subject: 'a-test',
    message: expect.stringContaining(': 2, the first of'),
  });
});

test('the first ttl of a traceroute shifts its hops, that of a tracepath does not', async () => {
  const { archive } = await openTestArchive(withResults({ 'packet-trace': everyMinutes(10, 1) }));
  const parameters = { 'trace-first-ttl': '3' };
  const ttls = async (tool: string) =>
    (await readAll(archive, readable({ tool, parameters }))).traces[0]?.route.hops.map(
      ({ ttl }) => ttl,
    );
  expect(await ttls('traceroute')).toEqual([3, 4, 5]);
  expect(await ttls('tracepath')).toEqual([1, 2, 3]);
});

test('a separate path MTU is requested and added to its trace', async () => {
  const results = {
    'packet-trace': everyMinutes(10, 4),
    'path-mtu': [
      { ts: from, val: 9000.0 },
      { ts: from + 600, val: '1500' },
      { ts: from + 1200, val: 1500 },
    ],
  };
  const { archive, server } = await openTestArchive(withResults(results));
  const { traces } = await readAll(archive, readable({ eventTypes: ['packet-trace', 'path-mtu'] }));
  expect(traces.map((one) => one.route.pathMtu)).toEqual([9000, 1500, 1500, null]);
  expect(traces[1]?.route).toBe(traces[2]?.route);
  expect(asked(server.requests)).toEqual(['packet-trace 0..86399', 'path-mtu 0..86399']);
});

test('the path MTU is not requested if the hops have it or the archive derives it from them', async () => {
  const withMtu = [{ ts: from, val: [{ ...hop(1, '203.0.113.9'), mtu: 9000 }] }];
  const eventTypes = ['packet-trace', 'path-mtu'];
  const inHops = await openTestArchive(withResults({ 'packet-trace': withMtu }));
  await readAll(inHops.archive, readable({ eventTypes }));
  expect(inHops.server.requests).toHaveLength(1);
  const elmond = await openTestArchive(
    withResults({ 'packet-trace': everyMinutes(10, 3) }, elmondKey),
  );
  await readAll(elmond.archive, readable({ key: elmondKey, eventTypes }));
  expect(elmond.server.requests).toHaveLength(1);
});

const failures = [{ ts: from + 60, val: { error: 'Unable to resolve ps-b' } }];

test('failures are requested if esmond lists new ones', async () => {
  const results = { 'packet-trace': everyMinutes(10, 3), failures };
  const { archive, server } = await openTestArchive(withResults(results));
  const { batches } = await readAll(
    archive,
    readable({ eventTypes: ['packet-trace', 'failures'] }),
  );
  expect(batches[0]?.failures).toMatchObject([
    { at: from + 60, error: 'the name cannot be resolved' },
  ]);
  await readAll(archive);
  expect(asked(server.requests)).toEqual([
    'packet-trace 0..86399',
    'failures 0..86399',
    'packet-trace 0..86399',
  ]);
});

test.each([
  ['all results are there', everyMinutes(10, 144), false],
  ['none is', [], true],
  ['they end early', everyMinutes(10, 130), true],
  ['some are missing in the middle', everyMinutes(10, 144).toSpliced(60, 3), true],
  ['one is missing', everyMinutes(10, 144).toSpliced(60, 1), false],
])('elmond does not report failures in its list: %s', async (_, results, expected) => {
  const { archive, server } = await openTestArchive(
    withResults({ 'packet-trace': results, failures }, elmondKey),
  );
  const eventTypes = ['packet-trace', 'failures'];
  const { batches } = await readAll(archive, readable({ key: elmondKey, eventTypes }));
  expect(batches[0]?.failures).toHaveLength(expected ? 1 : 0);
  expect(server.requests).toHaveLength(expected ? 2 : 1);
});

test('unreadable failures are reported and cost no trace', async () => {
  const broken = http.get('*/failures/base/0', () => page('no', 400));
  const { archive } = await openTestArchive([
    broken,
    ...withResults({ 'packet-trace': everyMinutes(10, 3) }),
  ]);
  const { traces, problems } = await readAll(
    archive,
    readable({ eventTypes: ['packet-trace', 'failures'] }),
  );
  expect(traces).toHaveLength(3);
  expect(problems[0]).toMatch(
    /^pstrace could read the traces of this test, but not its failures: .* 400\.$/,
  );
});

const flows = [{ ts: from, val: [[hop(1, '192.0.2.1')], [hop(1, '192.0.2.2')]] }];
const dublin = (key = esmondKey, eventTypes = ['packet-trace', 'packet-trace-multi']) =>
  readable({ key, tool: 'dublin-traceroute', eventTypes });

test('all flows of a tool are read', async () => {
  const results = { 'packet-trace': [trace(from, '192.0.2.1')], 'packet-trace-multi': flows };
  const { archive } = await openTestArchive(withResults(results));
  const algorithm = readable({
    eventTypes: ['packet-trace-multi'],
    parameters: { 'trace-algorithm': 'paris-traceroute' },
  });
  for (const test of [dublin(), algorithm]) {
    expect((await readAll(archive, test)).traces[0]?.route.hops[0]?.addresses).toEqual([
      '192.0.2.1',
      '192.0.2.2',
    ]);
  }
  const elmond = await openTestArchive(withResults(results, elmondKey));
  const unlisted = await readAll(elmond.archive, dublin(elmondKey, ['packet-trace']));
  expect(unlisted.traces[0]?.route.hops[0]?.addresses).toHaveLength(2);
  const single = [readable(), dublin(esmondKey, ['packet-trace'])];
  for (const test of single) {
    expect((await readAll(archive, test)).traces[0]?.route.hops[0]?.addresses).toEqual([
      '192.0.2.1',
    ]);
  }
});

test.each([
  ['empty', () => HttpResponse.json([])],
  ['refused', () => page('no such event type', 400)],
  ['broken', () => page('error', 500)],
])('if the flows are %s, the first flow is read', async (_, answer) => {
  const multi = http.get('*/packet-trace-multi/base/0', answer);
  const results = withResults({ 'packet-trace': everyMinutes(10, 2) }, elmondKey);
  const { archive } = await openTestArchive([multi, ...results], { retries: 0 });
  const { traces, problems } = await readAll(archive, dublin(elmondKey));
  expect(traces).toHaveLength(2);
  expect(problems).toEqual([]);
});
