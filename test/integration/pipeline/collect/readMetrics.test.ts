import { expect, onTestFinished, test } from 'vitest';
import type { MetricName } from '../../../../src/model/metric/metric.ts';
import { connectionsOf } from '../../../../src/pipeline/archiveSource.ts';
import { collectArchives } from '../../../../src/pipeline/collect/collectArchives.ts';
import { openArchiveReaders } from '../../../../src/sources/archives.ts';
import { openStore } from '../../../../src/store/open.ts';
import { startOpenSearch } from '../../../helpers/fakeOpenSearch.ts';
import { metricDocument } from '../../../helpers/metricDocument.ts';
import { archiveOptions } from '../../../helpers/openTestArchive.ts';
import { sessionAt } from '../../../helpers/sessionAt.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { traceDocument } from '../../../helpers/traceDocument.ts';

const day = 86_400;
const today = 20_775;
const midnight = today * day;
const now = midnight + 6 * 3600;
const latencies = '.ds-pscheduler_latencybg-000001';
const throughputs = '.ds-pscheduler_throughput-000001';

/** A store, and runs that read the traces and metrics of a fake into it. */
async function setUp(
  metrics: readonly MetricName[] = ['latency', 'throughput'],
  path = '/opensearch',
) {
  const fake = await startOpenSearch();
  fake.add('.ds-pscheduler_trace-000001', traceDocument(now - 600));
  const store = openStore(tempDir(), now);
  onTestFinished(() => store.close());
  const run = async (at = now, span = day) => {
    const options = archiveOptions(`${fake.url}${path}`, { retries: 0 });
    const readers = openArchiveReaders(options, sessionAt(at).log);
    const source = { ...readers, concurrency: 1, metrics };
    const request = { window: { from: at - span, to: at }, overlapSeconds: 7200 };
    fake.searches.splice(0);
    const [result] = await collectArchives([source], store, request, sessionAt(at), {
      pass: async () => {},
    });
    await Promise.all(connectionsOf(readers).map((each) => each.close()));
    const paths = fake.searches.map(({ path }) => path.split('/').at(-2));
    return { paths, problems: result?.problems, warnings: result?.warnings };
  };
  const read = () => store.metrics.ofTest([store.tests()[0]?.id ?? ''], 0);
  return { fake, store, run, read };
}

const latency = (median: number, lost = 0) => ({
  latency: { median, histogram: { values: [median], counts: [600] } },
  packets: { sent: 600, lost },
});

test('the runs of a day become one summary of each test of the pair', async () => {
  const { fake, run, read } = await setUp();
  fake.add(
    latencies,
    ...[12, 14, 13].map((ms, at) => metricDocument('latencybg', midnight + at, latency(ms, at))),
    metricDocument('latencybg', midnight + 9, { succeeded: false, error: 'no' }),
    metricDocument('latencybg', midnight - 9, latency(11)),
  );
  fake.add(throughputs, metricDocument('throughput', midnight, { throughput: 9.41e9 }));
  expect(await run()).toMatchObject({ problems: [], warnings: [] });
  const pair = { source: '192.0.2.1', destination: '203.0.113.9', taskName: 'Metrics' };
  expect(read()).toMatchObject([
    {
      ...pair,
      type: 'latencybg',
      days: [
        { day: today - 1, runs: 1, failed: 0, median: 11, loss: 0 },
        { day: today, runs: 4, failed: 1, median: 13, low: 12.1, high: 13.9, loss: 3 / 1800 },
      ],
    },
    { ...pair, type: 'throughput', days: [{ runs: 1, median: 9.41e9, loss: null }] },
  ]);
});

test('only the metrics of the configuration are read, and none by default', async () => {
  const { fake, run, read } = await setUp(['rtt']);
  fake.add(latencies, metricDocument('latencybg', midnight, latency(12)));
  fake.add(
    '.ds-pscheduler_rtt-000001',
    metricDocument('rtt', midnight, { rtt: { mean: 0.0236 }, packets: { sent: 10, lost: 1 } }),
  );
  const { paths } = await run();
  expect(paths).toContain('pscheduler_rtt');
  expect(paths).not.toContain('pscheduler_latencybg');
  expect(read()).toMatchObject([{ type: 'rtt', days: [{ median: 23.6, loss: 0.1 }] }]);
  const off = await setUp([]);
  expect((await off.run()).paths.filter((path) => path !== 'pscheduler_trace')).toEqual([]);
});

test('a run within an hour asks for no metrics; a later one only for days with news', async () => {
  const { fake, run, read } = await setUp(['throughput']);
  const at = (start: number, rate: number) =>
    metricDocument('throughput', start, { throughput: rate });
  fake.add(throughputs, at(midnight - 5000, 1e9), at(midnight + 5000, 2e9));
  const asked = async (moment: number, span?: number) =>
    (await run(moment, span)).paths.filter((path) => path === 'pscheduler_throughput').length;
  expect(await asked(now)).toBe(3);
  expect(await asked(now + 1800)).toBe(0);
  expect(await asked(now + 7200)).toBe(2);
  fake.add(
    throughputs,
    metricDocument('throughput', midnight - 50, { throughput: 3e9 }, { arrivedAt: now + 8000 }),
  );
  expect(await asked(now + 10_800)).toBe(3);
  expect(read()[0]?.days.map(({ runs, median }) => [runs, median])).toEqual([
    [2, 2e9],
    [1, 2e9],
  ]);
  fake.add(throughputs, at(midnight - 3 * day, 4e9));
  expect(await asked(now + 11_000, 4 * day)).toBe(3);
  expect(read()[0]?.days).toHaveLength(3);
});

test('what retention leaves of a day does not replace its summary', async () => {
  const { fake, run, read } = await setUp(['latency']);
  fake.add(latencies, ...[1, 2, 3].map((ms) => metricDocument('latencybg', midnight, latency(ms))));
  await run();
  fake.drop(latencies);
  fake.add(latencies, metricDocument('latencybg', midnight, latency(9), { arrivedAt: now + 7000 }));
  await run(now + 7200);
  expect(read()).toMatchObject([{ days: [{ runs: 3, median: 2 }] }]);
});

test('the unit of latencies is the width of their buckets', async () => {
  const { fake, run, read } = await setUp(['latency']);
  const spec = { 'bucket-width': 0.0001 };
  fake.add(latencies, metricDocument('latencybg', midnight, latency(120), { spec }));
  await run();
  expect(read()).toMatchObject([{ days: [{ median: 12 }] }]);
});

test('hostile values do not pass', async () => {
  const { fake, run, read } = await setUp();
  const changes = { key: '../../x', task: '<b>\u202e' };
  fake.add(
    latencies,
    metricDocument('latencybg', midnight, latency(1e300, -5), { task: 'a\u202e\nb' }),
    metricDocument('latencybg', midnight, latency(1), changes),
    metricDocument('latencybg', midnight, latency(1), { source: '192.0.2.1/../x' }),
    metricDocument('latencybg', midnight, latency(1), { source: '192.0.2.77' }),
    metricDocument('latencybg', 10 ** 11, latency(1)),
  );
  await run();
  expect(read()).toMatchObject([
    { taskName: 'a b', days: [{ day: today, runs: 1, median: null, high: null, loss: null }] },
  ]);
});

test('an archive cannot fill the store with tests of one pair, or with days', async () => {
  const { fake, run, read } = await setUp(['latency']);
  const tests = Array.from({ length: 30 }, (_, number) =>
    metricDocument('latencybg', midnight, latency(number), {
      key: `${number}`.padStart(64, 'a'),
    }),
  );
  fake.add(latencies, ...tests);
  fake.intercept = (incoming, outgoing) => {
    if (incoming.url?.includes('latencybg') !== true) return false;
    const buckets = Array.from({ length: 5000 }, (_, number) => ({
      key: (today - 2500 + number) * day * 1000,
    }));
    const whole = { total: 1, successful: 1, failed: 0 };
    outgoing.writeHead(200, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify({ _shards: whole, aggregations: { days: { buckets } } }));
    fake.intercept = null;
    return true;
  };
  const { paths } = await run();
  expect(read()).toHaveLength(20);
  // Yesterday, today and tomorrow.
  expect(paths.filter((path) => path === 'pscheduler_latencybg')).toHaveLength(3);
});

test('a part that is missing is a problem, and nothing counts as read', async () => {
  const { fake, store, run } = await setUp(['throughput']);
  fake.add(throughputs, metricDocument('throughput', midnight, { throughput: 1e9 }));
  fake.setRed(throughputs, true);
  const isMissing = 'A part of the archive is not available, so metrics are missing.';
  expect((await run()).problems?.map(({ message }) => message)).toEqual([isMissing]);
  const [archive = ''] = store.tests().map((each) => each.archive);
  expect(store.metrics.position(archive, 'throughput')).toBeNull();
  fake.isLenient = true;
  expect((await run()).problems?.map(({ message }) => message)).toEqual([isMissing]);
  fake.setRed(throughputs, false);
  expect((await run()).problems).toEqual([]);
});

test('an archive that is read test by test warns that its metrics are missing', async () => {
  const { fake, run } = await setUp(['latency'], '');
  fake.intercept = (_, outgoing) => {
    outgoing.writeHead(403).end();
    return true;
  };
  expect((await run()).warnings).toMatchObject([
    { kind: 'misconfigured', message: expect.stringContaining('metrics of this archive') },
  ]);
});

test('retention prunes days, and tests without any', async () => {
  const { fake, store, run, read } = await setUp(['throughput']);
  fake.add(throughputs, metricDocument('throughput', midnight - 9, { throughput: 1e9 }));
  await run();
  store.metrics.prune(today - 1);
  expect(read()).toHaveLength(1);
  store.metrics.prune(today);
  expect(read()).toEqual([]);
});
