import { expect, test, vi } from 'vitest';
import {
  type MeasuredRun,
  type MtrOptions,
  type MtrTarget,
  measureAll,
  measureTarget,
} from '../../../../src/sources/mtr/measureTargets.ts';
import { fakeMtr } from '../../../helpers/fakeMtr.ts';
import { tempDir } from '../../../helpers/tempDir.ts';

function target(host: string, settings: Partial<MtrTarget> = {}): MtrTarget {
  return {
    host,
    ...{ label: null, family: null, protocol: 'icmp', port: null },
    ...{ packets: 2, packetBytes: null, maxTtl: 30, probeIntervalSeconds: 1 },
    ...settings,
  };
}

function setUp(settings: Partial<MtrOptions> = {}) {
  const mtr = fakeMtr(tempDir());
  const options: MtrOptions = {
    command: mtr.command,
    parallel: 4,
    limitSeconds: 20,
    source: 'collector.example.net',
    environment: process.env,
    signal: new AbortController().signal,
    now: () => 1_795_200_000.7,
    lookup: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
    ...settings,
  };
  return { mtr, options };
}

async function sole(host: string, options: MtrOptions): Promise<MeasuredRun> {
  const [run] = await measureTarget(target(host), options);
  if (run === undefined) throw new Error('no run');
  return run;
}

test('a run is a trace of the local archive from this host', async () => {
  const { options } = setUp();
  const run = await sole('192.0.2.1', options);
  expect(run.test).toMatchObject({
    archive: 'local',
    tool: 'mtr',
    source: { name: 'collector.example.net' },
    destination: { address: '192.0.2.1', name: '192.0.2.1' },
  });
  expect(run.trace).toMatchObject({
    startedAt: 1_795_200_000,
    route: { reached: true },
    rttMs: [1, 2],
  });
  expect(run).toMatchObject({ failure: null, problem: null });
});

test('mtr receives addresses after a double hyphen, never names, and no options of the environment', async () => {
  const { mtr, options } = setUp({
    environment: { ...process.env, MTR_OPTIONS: '--report' },
    lookup: async () => ['2001:db8::1', '192.0.2.1'],
  });
  const settings = { protocol: 'tcp', port: 443, packetBytes: 1400, family: 'both' } as const;
  await measureTarget(target('www.example.net', settings), options);
  const common = '-T -P 443 -c 2 -m 30 -i 1 -s 1400 --';
  expect(mtr.calls()).toEqual([
    `--raw -n -4 ${common} 192.0.2.1`,
    `--raw -n -6 ${common} 2001:db8::1`,
  ]);
});

const noReply = 'no replies, not even from the first router';
const noTool = 'the measuring host has no tool for the test';

test.each([
  ['192.0.2.2', noReply, 'firewall', noReply],
  [
    '192.0.2.4',
    'mtr-packet is not permitted to open sockets',
    'setcap cap_net_raw',
    'the measuring host may not send the probes',
  ],
  ['192.0.2.5', 'mtr cannot start mtr-packet', 'Install mtr', noTool],
  [
    '192.0.2.6',
    'this host has no route to the target',
    'default route',
    'there is no route to the destination',
  ],
  ['192.0.2.8', 'mtr exited with code 3', 'by hand', 'another reason'],
  ['192.0.2.9', 'mtr was killed', 'by hand', 'another reason'],
  ['192.0.2.10', noReply, 'firewall', noReply],
  [
    'nosuch.example.net',
    'nosuch.example.net is unknown to the resolver',
    'Check the name',
    'the name cannot be resolved',
  ],
])('%s: %s', async (host, error, remedy, stored) => {
  const { options } = setUp();
  const run = await sole(host, options);
  expect(run.trace).toBeNull();
  expect(run.failure).toEqual({ at: 1_795_200_000, error: stored });
  expect(run.problem).toMatchObject({
    subject: host,
    message: error,
    remedy: expect.stringContaining(remedy),
  });
});

test('without mtr, every run fails and names the package to install', async () => {
  const { options } = setUp({ command: 'no-such-program-anywhere' });
  const run = await sole('192.0.2.1', options);
  expect(run.failure?.error).toBe(noTool);
  expect(run.problem?.message).toBe('mtr is not installed');
  expect(run.problem?.remedy).toContain('apt-get install mtr-tiny');
});

test.each([
  ['192.0.2.3', 'its children with it'],
  ['192.0.2.7', 'even when it does not want to'],
])('a run that takes too long is terminated (%s), %s', async (host) => {
  const { mtr, options } = setUp({ limitSeconds: 0.3 });
  const run = await sole(host, options);
  expect(run.failure?.error).toBe('the run did not finish in time');
  expect(run.problem?.message).toBe('mtr did not finish within 0.3 s');
  await vi.waitUntil(() => !mtr.childRuns());
});

test('an interruption terminates the runs and is not a failure of a target', async () => {
  const interruption = new AbortController();
  const { mtr, options } = setUp({ signal: interruption.signal });
  const measured: MeasuredRun[] = [];
  setTimeout(() => interruption.abort(new Error('interrupted')), 300);
  const all = [target('192.0.2.3'), target('192.0.2.1')];
  await expect(
    measureAll(all, { ...options, parallel: 1 }, (runs) => measured.push(...runs)),
  ).rejects.toThrow('interrupted');
  expect(measured).toEqual([]);
  await vi.waitUntil(() => !mtr.childRuns());
  expect(mtr.calls()).toHaveLength(1);
});

test('targets are measured in parallel, up to the limit; a failure does not affect others', async () => {
  const { options } = setUp();
  const hosts = [...Array.from({ length: 8 }, (_, index) => `198.51.100.${index}`), '192.0.2.4'];
  const measured: MeasuredRun[] = [];
  const before = performance.now();
  await measureAll(
    hosts.map((host) => target(host)),
    options,
    (runs) => measured.push(...runs),
  );
  const seconds = (performance.now() - before) / 1000;
  expect(measured.filter(({ trace }) => trace !== null)).toHaveLength(8);
  expect(measured.filter(({ failure }) => failure !== null)).toHaveLength(1);
  // Eight runs of 0.2 s, four in parallel.
  expect(seconds).toBeGreaterThan(0.4);
  expect(seconds).toBeLessThan(1.6);
});

test('a target that is listed twice is measured once', async () => {
  const { mtr, options } = setUp();
  const all = [target('192.0.2.1'), target('192.0.2.1'), target('192.0.2.1', { family: 4 })];
  await measureAll(all, options, () => {});
  expect(mtr.calls()).toHaveLength(2);
});

test("of several addresses, the smallest is probed, regardless of the resolver's order", async () => {
  const addresses = ['192.0.2.10', '192.0.2.9', '2001:db8::1', '192.0.2.100'];
  for (const dealt of [addresses, addresses.toReversed()]) {
    const { mtr, options } = setUp({ lookup: async () => dealt });
    await measureTarget(target('www.example.net'), options);
    expect(mtr.calls().map((call) => call.split(' ').at(-1))).toEqual(['192.0.2.9']);
  }
});

test('a host with only IPv6 is measured over IPv6, unless IPv4 is required', async () => {
  const { options } = setUp({ lookup: async () => ['2001:db8::1'] });
  const run = await sole('www.example.net', options);
  expect(run.test).toMatchObject({ family: 6, destination: { address: '2001:db8::1' } });
  const [refused] = await measureTarget(target('www.example.net', { family: 4 }), options);
  expect(refused?.problem).toMatchObject({
    message: 'www.example.net has no IPv4 address, only IPv6',
    remedy: 'Set family = 6 for it in the targets file.',
  });
});

test('a host remains the same test after a change of address', async () => {
  const ids = new Set<string>();
  for (const address of ['192.0.2.1', '192.0.2.20']) {
    const { options } = setUp({ lookup: async () => [address] });
    ids.add((await sole('www.example.net', options)).test.id);
  }
  expect([...ids]).toEqual([
    expect.stringMatching(/^collector\.example\.net_www\.example\.net_mtr_/),
  ]);
});

test('a broken resolver is reported as such', async () => {
  const { options } = setUp({
    lookup: () => Promise.reject(Object.assign(new Error('no'), { code: 'EAI_AGAIN' })),
  });
  expect((await sole('www.example.net', options)).problem).toMatchObject({
    kind: 'unreachable',
    message: 'www.example.net cannot be resolved (EAI_AGAIN)',
  });
});
