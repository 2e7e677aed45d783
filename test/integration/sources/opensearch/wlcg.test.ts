import { expect, onTestFinished, test } from 'vitest';
import { createLog } from '../../../../src/lib/log.ts';
import { openArchiveReaders } from '../../../../src/sources/archives.ts';
import type { StreamBatch, StreamRequest } from '../../../../src/sources/types.ts';
import { startOpenSearch } from '../../../helpers/fakeOpenSearch.ts';
import { archiveOptions } from '../../../helpers/openTestArchive.ts';

const now = 1_795_000_000;
const hour = 3600;
const log = createLog({ level: 'error', json: false, stream: { write: () => true } });

/** A document of the ingest. */
function wlcgDocument(startedAt: number, changes: Readonly<Record<string, unknown>> = {}) {
  return {
    timestamp: startedAt * 1000,
    created_at: (startedAt + 120) * 1000,
    MA: 'ps-a.example.net',
    src: '198.51.100.10',
    dest: '192.0.2.77',
    src_host: 'ps-a.example.net',
    dest_host: 'ps-b.example.org',
    src_netsite: 'EXAMPLE-A-LHCOPNE',
    dest_netsite: 'EXAMPLE-B',
    hops: ['198.51.100.1', '203.0.113.5', '192.0.2.77'],
    ttls: [1, 3, 4],
    rtts: [0.2, 12.3, 23.1],
    asns: [64_500, 0, 64_502],
    'route-sha1': '0'.repeat(40),
    ...changes,
  };
}

async function setUp() {
  const fake = await startOpenSearch();
  const { stream } = openArchiveReaders(archiveOptions(`${fake.url}/ps_trace`), log);
  if (stream === null) throw new Error('not read as a stream');
  onTestFinished(() => stream.close());
  const read = async (position: StreamRequest['position'] = null, at = now) => {
    const window = { from: at - 24 * hour, to: at };
    const batches: StreamBatch[] = [];
    await stream.probe(false);
    for await (const batch of stream.read({ window, now: at, position, tests: [] }))
      batches.push(batch);
    return {
      readings: batches.flatMap(({ readings }) => readings),
      position: batches.at(-1)?.position ?? null,
      problems: batches.flatMap(({ problems }) => problems),
    };
  };
  return { fake, read };
}

test('ttls place the hops that replied, and sites name the task', async () => {
  const { fake, read } = await setUp();
  fake.add('ps_trace-000001', wlcgDocument(now - hour));
  const { readings, problems } = await read();
  expect(problems).toEqual([]);
  expect(readings).toHaveLength(1);
  const [
    { test: described, traces, responders } = { test: null, traces: [], responders: new Map() },
  ] = readings;
  expect(described).toMatchObject({
    id: expect.stringMatching(/^198\.51\.100\.10_192\.0\.2\.77_traceroute_[0-9a-f]{12}$/),
    source: { address: '198.51.100.10', name: 'ps-a.example.net' },
    destination: { address: '192.0.2.77', name: 'ps-b.example.org' },
    taskName: 'EXAMPLE-A-LHCOPNE > EXAMPLE-B',
    family: 4,
  });
  expect(traces).toMatchObject([
    {
      startedAt: now - hour,
      rttMs: [0.2, 12.3, 23.1],
      route: {
        reached: true,
        hops: [
          { ttl: 1, addresses: ['198.51.100.1'] },
          { ttl: 2, addresses: [] },
          { ttl: 3, addresses: ['203.0.113.5'] },
          { ttl: 4, addresses: ['192.0.2.77'] },
        ],
      },
    },
  ]);
  expect(responders.get('198.51.100.1')).toMatchObject({ asn: 64_500 });
  expect(responders.get('203.0.113.5')).toMatchObject({ asn: null });
});

test.each(['20261118T131500Z', String(Date.UTC(2026, 10, 18, 13, 15)), '2026-11-18T13:15:00Z'])(
  'the time %s is understood',
  async (timestamp) => {
    const { fake, read } = await setUp();
    fake.add('ps_trace-000001', wlcgDocument(now, { timestamp }));
    const at = Date.UTC(2026, 10, 18, 14) / 1000;
    const { readings } = await read(null, at);
    expect(readings[0]?.traces[0]?.startedAt).toBe(Date.UTC(2026, 10, 18, 13, 15) / 1000);
  },
);

test('several shards are followed by the time of arrival, six hours back', async () => {
  const { fake, read } = await setUp();
  fake.add('ps_trace-000001', wlcgDocument(now - 2 * hour), wlcgDocument(now - hour));
  const { position } = await read();
  expect(position?.cursor).toEqual({ arrivedUntil: now - hour + 120 });
  // The ingest was behind with one archive.
  const late = wlcgDocument(now - 9 * hour, { created_at: (now - 5 * hour) * 1000 });
  const missed = wlcgDocument(now - 20 * hour, { created_at: (now - 19 * hour) * 1000 });
  fake.add('ps_trace-000001', late, missed);
  const { readings } = await read(position, now + hour);
  const starts = readings.flatMap(({ traces }) => traces).map(({ startedAt }) => startedAt);
  expect(starts).toContain(now - 9 * hour);
  expect(starts).not.toContain(now - 20 * hour);
});

test('lists of different lengths are damaged', async () => {
  const { fake, read } = await setUp();
  fake.add('ps_trace-000001', wlcgDocument(now - hour, { ttls: [1, 2] }), wlcgDocument(now - 60));
  const { readings, problems } = await read();
  expect(readings.flatMap(({ traces }) => traces)).toHaveLength(1);
  expect(problems).toMatchObject([{ message: expect.stringContaining('invalid results: 1') }]);
});
