import { join } from 'node:path';
import { expect, test } from 'vitest';
import { formatSamples } from '../../../helpers/formatSamples.ts';
import { importText, soleRun, writtenAt } from '../../../helpers/importText.ts';

/** The page of the formats; `vitest -u` writes it. */
const page = join(import.meta.dirname, '../../../../docs/formats.md');

test.each(formatSamples)('$tool $option is read', async (format) => {
  const { sample, namesTarget, startedAt, tests } = format;
  const options = namesTarget ? {} : { destination: '203.0.113.9' };
  const imported = await importText(sample, options);
  expect(imported.problems).toEqual([]);
  const run = soleRun(imported);
  expect(run.hops).toEqual(['1 198.51.100.1', '2 203.0.113.9']);
  expect(run.trace.route.reached).toBe(true);
  expect(run.trace.startedAt).toBe(startedAt ?? writtenAt);
  expect(run.test).toMatchObject({ tool: tests, destination: { name: '203.0.113.9' } });
});

test('a saved answer of an archive has the MTU and the ICMP errors that the archive reports', async () => {
  const val = [
    { ttl: 1, query: 1, success: 1, ip: '198.51.100.1', rtt: 1, mtu: '9000.0' },
    {
      ttl: 2,
      query: 1,
      success: 0,
      ip: '198.51.100.2',
      mtu: 1500,
      error_message: 'noRouteToTarget',
    },
    { ttl: 3, query: 1, success: 0, error_message: 'requestTimedOut', mtu: 1500 },
  ];
  const sample = JSON.stringify([{ ts: writtenAt, val }]);
  const { route } = soleRun(await importText(sample, { destination: '203.0.113.9' })).trace;
  expect(route.pathMtu).toBe(1500);
  expect(route.hops.map(({ mtu, error }) => [mtu, error])).toEqual([
    [9000, null],
    [1500, 'net-unreachable'],
  ]);
});

test('dublin-traceroute: an ICMP error, with type and code exchanged or not', async () => {
  const probe = (ttl: number, src: string, type: number, code: number) => ({
    received: { icmp: { type, code }, ip: { src } },
    rtt_usec: 2500,
    sent: { ip: { src: '192.0.2.1', dst: '203.0.113.9', ttl }, timestamp: String(writtenAt) },
  });
  for (const [type, code] of [
    [3, 1],
    [1, 3],
  ] as const) {
    const last = probe(2, '198.51.100.2', type, code);
    const flows = { 33434: [probe(1, '198.51.100.1', 11, 0), last] };
    const { trace } = soleRun(await importText(JSON.stringify({ flows })));
    expect(trace.route).toMatchObject({
      reached: false,
      hops: [{}, { error: 'host-unreachable' }],
    });
    expect(trace.rttMs).toEqual([2.5, 2.5]);
  }
});

test('scamper: several cycles, and a trace without any reply', async () => {
  const trace = (dst: string, rest: object) =>
    JSON.stringify({
      ...{ type: 'trace', method: 'icmp-paris', src: '192.0.2.1', dst, start: { sec: writtenAt } },
      ...rest,
    });
  const reply = { addr: '203.0.113.9', probe_ttl: 1, rtt: 1, icmp_type: 0, icmp_code: 0 };
  const lines = [
    '{"type":"cycle-start", "list_name":"default", "id":1, "start_time":1781949000}',
    trace('203.0.113.9', { stop_reason: 'COMPLETED', hops: [reply] }),
    trace('203.0.113.8', { stop_reason: 'GAPLIMIT', hop_count: 0 }),
    '{"type":"cycle-stop", "list_name":"default", "id":1, "stop_time":1781949700}',
  ];
  const { problems, readings } = await importText(lines.join('\n'));
  expect(problems).toEqual([]);
  const found = readings.map(({ test: { destination }, traces, failures }) => [
    destination.address,
    traces.length,
    failures.length,
  ]);
  expect(found.sort()).toEqual([
    ['203.0.113.8', 0, 1],
    ['203.0.113.9', 1, 0],
  ]);
});

test('a duration of P0D is zero, not unknown', async () => {
  const path = [
    { ip: '198.51.100.1', rtt: 'P0D' },
    { ip: '203.0.113.9', rtt: 'PT1M0.5S' },
  ];
  const sample = JSON.stringify({ succeeded: true, paths: [path] });
  const { trace } = soleRun(await importText(sample, { destination: '203.0.113.9' }));
  expect(trace.rttMs).toEqual([0, 60_500]);
});

test('RIPE Atlas: a page of the API, and the text of firmware 1', async () => {
  const result =
    'traceroute to 203.0.113.9 (203.0.113.9), 32 hops max, 16 byte packets\n' +
    '1  198.51.100.1  1 ms  2 ms\n2  203.0.113.9  1 ms  1 ms\n';
  const first = {
    fw: 1,
    msm_id: 5001,
    prb_id: 17,
    from: '192.0.2.7',
    timestamp: writtenAt,
    result,
  };
  const page = { count: 1, next: null, previous: null, results: [first] };
  const run = soleRun(await importText(JSON.stringify(page)));
  expect(run.hops).toEqual(['1 198.51.100.1', '2 203.0.113.9']);
  expect(run.trace.startedAt).toBe(writtenAt);
  expect(run.test).toMatchObject({ tool: 'ripe-atlas', source: { name: '192.0.2.7' } });
  const damaged = { ...first, result: `${result}Segmentation fault\n` };
  const { problems } = await importText(JSON.stringify(damaged));
  expect(problems[0]?.message).toContain('invalid RIPE Atlas result');
});

test('OpenSearch: a run that failed does not spoil the other hits', async () => {
  const hit = (result: object, start_time: string) => ({
    _source: {
      test: { type: 'trace', spec: { source: 'a.example.net', dest: '203.0.113.9' } },
      pscheduler: { start_time, tool: 'traceroute' },
      result,
    },
  });
  const json = [[{ ip: '198.51.100.1' }, {}, { ip: '203.0.113.9', rtt: 'PT0.02S' }]];
  const hits = [
    hit({ succeeded: false, error: 'no' }, '2026-06-20T10:00:00Z'),
    hit({ succeeded: true, json }, '2026-06-20T10:10:00Z'),
  ];
  const imported = await importText(JSON.stringify({ hits: { hits } }));
  expect(imported.problems.map(({ message }) => message)).toEqual([
    'runs.txt:1 (byte 0) skipped: pScheduler result of a run that failed',
  ]);
  expect(soleRun(imported).hops).toEqual(['1 198.51.100.1', '2 *', '3 203.0.113.9']);
});

test('the page of the formats has each of them', async () => {
  const rows = formatSamples.map(
    ({ tool, version, option, reads }) => `| ${tool} | ${version} | ${option} | ${reads} |`,
  );
  const text = `# Formats of imported files

\`pstrace import\` reads the formats below, in any mixture, plain or packed; see [importing
files](sources.md#importing-files). A test reads a sample of each. Every format supplies hops and
round-trip times; the last column lists the other values.

| Tool | Version | Output | Read |
|---|---|---|---|
${rows.join('\n')}
`;
  await expect(text).toMatchFileSnapshot(page);
});
