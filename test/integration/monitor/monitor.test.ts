import { existsSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { acquireLock } from '../../../src/lib/lock.ts';
import { openStore } from '../../../src/store/open.ts';
import { fakeMtr } from '../../helpers/fakeMtr.ts';
import { fakeProgram } from '../../helpers/fakeProgram.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { place, pstrace, start } from '../cli/command.ts';
import { now } from '../pipeline/mesh.ts';

const always = { from: 0, to: 2 ** 40 };

/** A place whose mtr and ping are stand-ins, with a file of targets. */
function watching(text: string, name = 'hosts') {
  const folder = tempDir();
  const [mtr, ping] = [fakeMtr(folder), fakeProgram(folder, 'ping')];
  const targets = join(folder, name);
  const write = (content: string) => writeFileSync(targets, content);
  write(text);
  const here = place(
    `[mtr]\ncommand = "${mtr.command}"\nping = "${ping.command}"\ntargets = "${targets}"\nsource = "probe.example.org"\n`,
  );
  const stateOptions = here.options.slice(2);
  const begin = (...options: readonly string[]) => start(['monitor', ...stateOptions, ...options]);
  return { ...here, mtr, ping, write, stateOptions, begin };
}

function traces(state: string): Record<string, number> {
  if (!existsSync(join(state, 'pstrace.db'))) return {};
  const store = openStore(state, now, 'read');
  const count = store.tests().map(({ id, destination }) => {
    return [destination.name, store.traces(id, always).length] as const;
  });
  store.close();
  return Object.fromEntries(count);
}

async function stopped(running: ReturnType<typeof start>, signal: NodeJS.Signals = 'SIGTERM') {
  running.process.kill(signal);
  return running.ended;
}

const lines = (text: string) => text.trimEnd().split('\n');

describe('pstrace monitor', () => {
  test('a file of connvitals-monitor is watched as it is, and its paths are stored', async () => {
    const here = watching(
      '203.0.113.9 PING=50 numpings=2 trace=60000 json=1 timestamp=0\n127.0.0.1 ping=0 scan=50000\n',
    );
    const running = here.begin('--stdout');
    await running.printed(/"statistic":"trace"/);
    await running.printed(/"statistic":"ping"[\s\S]*"statistic":"ping"/);
    await running.printed(/scan/);
    const { code, stdout, stderr } = await stopped(running);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [first = ''] = lines(stdout).filter((line) => line.includes('"ping"'));
    expect(JSON.parse(first)).toMatchObject({
      ...{ host: '203.0.113.9', address: '203.0.113.9', statistic: 'ping' },
      ...{ sent: 2, received: 2, lossPct: 0, minMs: 1, avgMs: 2, maxMs: 3, jitterMs: 2 },
    });
    expect(first).not.toContain('"at"');
    expect(stdout).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ 127\.0\.0\.1 scan 80 \w+/m);
    expect(traces(here.state)).toEqual({ '203.0.113.9': 1 });
  });

  test('ports are open or closed, each with its time; the list of ports is the target’s', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const here = watching(
      `[defaults]\ninterval = "off"\nscan_interval = "1h"\n[[target]]\nhost = "127.0.0.1"\nscan_ports = [${port}, 1]\n`,
      'targets.toml',
    );
    const running = here.begin('--stdout', 'json');
    const line = await running.printed(/\{.*"scan".*\}/);
    expect(JSON.parse(line).ports).toEqual([
      { port, state: 'open', rttMs: expect.any(Number) },
      { port: 1, state: 'closed', rttMs: expect.any(Number) },
    ]);
    expect((await stopped(running, 'SIGINT')).code).toBe(0);
  });

  test('a path that has not changed is printed once, with --all each time; each statistic at its own pace', async () => {
    const [once, each] = [watching('203.0.113.9 trace=1 ping=1'), watching('203.0.113.9 trace=1')];
    const [first, second] = [
      once.begin('--stdout', 'text'),
      each.begin('--stdout', 'json', '--all'),
    ];
    await vi.waitUntil(() => once.mtr.calls().length >= 3, { timeout: 20_000 });
    await second.printed(/("statistic":"trace"[\s\S]*){3}/);
    const printed = lines((await stopped(first)).stdout).filter((line) => / trace /.test(line));
    expect(printed).toHaveLength(1);
    expect(printed[0]).toMatch(/Z 203\.0\.113\.9 trace reached, 2 hops$/);
    expect((await stopped(second)).code).toBe(0);
  });

  test('what runs is finished after SIGTERM, and stored', async () => {
    const here = watching('198.51.100.7 trace=60000 ping=0');
    const running = here.begin();
    await vi.waitUntil(() => here.mtr.calls().length === 1, { timeout: 20_000, interval: 5 });
    expect(await stopped(running)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(traces(here.state)).toEqual({ '198.51.100.7': 1 });
  });

  test('SIGHUP reads the targets again; a broken file is reported and the old targets stay', async () => {
    const here = watching('203.0.113.9 trace=60000 ping=0');
    const running = here.begin('--stdout', 'text');
    await running.printed(/203\.0\.113\.9 trace/);
    here.write('203.0.113.10 colour=red');
    running.process.kill('SIGHUP');
    await running.warned(/hosts:1: unknown option.*\n.*keeping the previous targets/);
    here.write('203.0.113.9 trace=60000 ping=0\n203.0.113.10 trace=60000 ping=0');
    running.process.kill('SIGHUP');
    await running.printed(/203\.0\.113\.10 trace/);
    expect((await stopped(running)).code).toBe(0);
    // The first was not disturbed.
    expect(traces(here.state)).toEqual({ '203.0.113.9': 1, '203.0.113.10': 1 });
    expect(here.mtr.calls()).toHaveLength(2);
  });

  test('it does not hold the store: others work meanwhile, and what it measured while they do is not lost', async () => {
    const here = watching('203.0.113.9 trace=60000 ping=0');
    const running = here.begin('--stdout', 'text');
    await running.printed(/203\.0\.113\.9 trace/);
    await vi.waitUntil(() => traces(here.state)['203.0.113.9'] === 1, { timeout: 20_000 });
    expect((await pstrace('--mtr-only', '1h', ...here.options)).code).toBe(0);
    const lock = acquireLock(join(here.state, 'lock'));
    here.write('203.0.113.9 trace=60000 ping=0\n203.0.113.10 trace=60000 ping=0');
    running.process.kill('SIGHUP');
    await running.printed(/203\.0\.113\.10 trace/);
    running.process.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    lock?.release();
    expect((await running.ended).code).toBe(0);
    expect(traces(here.state)).toEqual({ '203.0.113.9': 1, '203.0.113.10': 1 });
  });

  test('a target that fails is reported once; the others continue', async () => {
    const here = watching('192.0.2.4 ping=1 trace=0\n203.0.113.9 ping=1');
    const running = here.begin('--stdout', 'text');
    await running.warned(/192\.0\.2\.4: ping reports: ping: socket: Operation not permitted/);
    await running.printed(/(203\.0\.113\.9 ping 10 sent[\s\S]*){3}/);
    const { stderr, stdout } = await stopped(running);
    expect(stderr.match(/not permitted/g)).toHaveLength(1);
    expect(stdout).toContain('192.0.2.4 ping failed: ping reports');
  });

  test('a second one leaves the first alone', async () => {
    const here = watching('203.0.113.9 trace=60000 ping=0');
    const running = here.begin('--stdout', 'text');
    await running.printed(/trace/);
    const second = await pstrace('monitor', ...here.stateOptions);
    expect(second.code).toBe(75);
    expect(second.stderr).toMatch(/another pstrace \(pid \d+\) holds the lock on /);
    expect((await stopped(running)).code).toBe(0);
  });

  test('a broken file at the start, and one in which nothing is to be done, are refused', async () => {
    const broken = watching('-oBadOption');
    expect((await pstrace('monitor', ...broken.stateOptions)).code).toBe(78);
    const idle = watching('203.0.113.9 ping=0');
    const { code, stderr } = await pstrace('monitor', ...idle.stateOptions);
    expect(code).toBe(78);
    expect(stderr).toContain('no target has an interval');
  });
});
