import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { acquireLock } from '../../../src/lib/lock.ts';
import { openStore } from '../../../src/store/open.ts';
import { fakeMtr } from '../../helpers/fakeMtr.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { pages, place, pstrace, start } from '../cli/command.ts';
import { runAt } from '../faults/pstraceAt.ts';
import { now } from '../pipeline/mesh.ts';

const always = { from: 0, to: 2 ** 40 };

/** A place whose mtr is a stand-in, and whose targets are these lines. */
function withTargets(...lines: readonly string[]) {
  const folder = tempDir();
  const mtr = fakeMtr(folder);
  const targets = join(folder, 'hosts');
  writeFileSync(targets, lines.join('\n'));
  const here = place(
    `[mtr]\ncommand = "${mtr.command}"\ntargets = "${targets}"\nsource = "probe.example.org"\n`,
  );
  return { ...here, mtr, targets, stateOptions: here.options.slice(2) };
}

/** Destinations with the number of their traces, and what is recorded of failed runs. */
function stored(state: string): string[] {
  const store = openStore(state, now, 'read');
  const summaries = store.tests().map(({ id, destination }) => {
    const failures = store.failures(id, always).map(({ error }) => error);
    return [destination.name, store.traces(id, always).length, ...failures].join(' ');
  });
  store.close();
  return summaries.sort();
}

describe('pstrace mtr', () => {
  test('measures the targets of the configuration; the site shows them, without an archive', async () => {
    const here = withTargets('203.0.113.9', '203.0.113.10  # another');
    expect(await pstrace('mtr', ...here.stateOptions)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(stored(here.state)).toEqual(['203.0.113.10 1', '203.0.113.9 1']);
    expect((await pstrace('--mtr-only', '1h', ...here.options)).code).toBe(0);
    expect(pages(here.out).get('index.html')).toContain('203.0.113.10');
  });

  test('a target that fails is recorded and reported with its remedy, the others continue, and the next command in the crontab shows it, exit 0', async () => {
    const here = withTargets('192.0.2.4', '192.0.2.2', '203.0.113.9');
    const { code, stderr } = await pstrace('mtr', '--parallel', '2', ...here.stateOptions);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /192\.0\.2\.4: mtr-packet is not permitted to open sockets\. Permit it: setcap/,
    );
    expect(stored(here.state)).toEqual([
      '192.0.2.2 0 no replies, not even from the first router',
      '192.0.2.4 0 the measuring host may not send the probes',
      '203.0.113.9 1',
    ]);
    expect((await pstrace('--mtr-only', '1h', ...here.options)).code).toBe(0);
    const { cells } = JSON.parse(pages(here.out).get('data/matrix.json') ?? '');
    const states = cells.map((cell: Record<string, unknown>) => [cell.destination, cell.state]);
    expect(Object.fromEntries(states)).toMatchObject({
      '192.0.2.4': 'failed',
      '203.0.113.9': 'ok',
    });
    const { local } = JSON.parse(pages(here.out).get('data/status.json') ?? '');
    expect(local).toMatchObject([
      { source: 'probe.example.org', tests: 3, traces: 1, failures: 2 },
    ]);
    expect(local[0].failing).toMatchObject([
      { destination: '192.0.2.2' },
      { destination: '192.0.2.4', error: 'the measuring host may not send the probes' },
    ]);
    expect(pages(here.out).get('status.html')).toMatch(/probe\.example\.org \S+ 192\.0\.2\.4</);
  });

  test('without mtr on the host: one message for all targets, exit 1', async () => {
    const here = withTargets('203.0.113.9', '203.0.113.10');
    const config = join(tempDir(), 'pstrace.toml');
    writeFileSync(config, '[mtr]\ncommand = "/no/such/mtr"\n');
    const options = ['--state', here.state, '--config', config];
    const { code, stderr } = await pstrace('mtr', here.targets, ...options);
    expect(code).toBe(1);
    expect(stderr).toMatch(/203\.0\.113\.\d+ and 1 more: mtr is not installed\. Install mtr/);
  });

  test('ends one that takes too long', async () => {
    const here = withTargets('192.0.2.3', '203.0.113.9');
    const { code, stderr } = await pstrace('mtr', '--limit', '1s', ...here.stateOptions);
    expect(code).toBe(0);
    expect(stderr).toContain('192.0.2.3: mtr did not finish within 1 s');
    expect(here.mtr.childRuns()).toBe(false);
  });

  test('a line that is no target is refused with its place before anything is sent, exit 78', async () => {
    const here = withTargets('203.0.113.9', '-oBadOption');
    const { code, stderr } = await pstrace('mtr', ...here.stateOptions);
    expect(code).toBe(78);
    expect(stderr).toContain(`${here.targets}:2`);
    expect(here.mtr.calls()).toEqual([]);
  });

  test('a file of targets that is not there is said plainly, exit 78', async () => {
    const { code, stderr } = await pstrace('mtr', '/no/such', ...place().options.slice(2));
    expect(code).toBe(78);
    expect(stderr).toContain('/no/such');
  });

  test('stopped by SIGTERM: results are stored, mtr ends, exit 143', async () => {
    const here = withTargets('203.0.113.9', '192.0.2.3');
    const running = start(['mtr', '--parallel', '1', ...here.stateOptions]);
    while (here.mtr.calls().length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    running.process.kill('SIGTERM');
    expect((await running.ended).code).toBe(143);
    expect(stored(here.state)).toEqual(['203.0.113.9 1']);
    expect(here.mtr.childRuns()).toBe(false);
  });

  test('killed halfway: results are stored, and the next call measures everything', async () => {
    const here = withTargets('203.0.113.9', '192.0.2.3');
    const measuring = start(['mtr', '--parallel', '1', ...here.stateOptions]);
    while (!existsSync(join(here.state, 'pstrace.db')) || !existsSync(`${here.mtr.command}.child`))
      await new Promise((resolve) => setTimeout(resolve, 50));
    await vi.waitUntil(() => stored(here.state).length > 0, 10_000);
    measuring.process.kill('SIGKILL');
    await measuring.ended;
    // What was left alone is no part of this test.
    process.kill(Number(readFileSync(`${here.mtr.command}.child`, 'utf8')));
    expect(stored(here.state)).toEqual(['203.0.113.9 1']);
    const again = await pstrace('mtr', '--limit', '1s', ...here.stateOptions);
    expect(again.code).toBe(0);
    expect(stored(here.state)).toEqual([
      '192.0.2.3 0 the run did not finish in time',
      '203.0.113.9 2',
    ]);
  });

  test('while the clock is back or ahead, nothing is measured, which is said once', async () => {
    const here = withTargets('203.0.113.9');
    const measureAt = (at: number) => runAt(at, ['mtr', ...here.stateOptions]);
    expect((await measureAt(now)).code).toBe(0);
    const doubtful = await measureAt(now - 7200);
    expect(doubtful.code).toBe(1);
    expect(doubtful.stderr).toMatch(/^pstrace: warning: The clock .* before the last command/);
    const silent = { code: 1, stdout: '', stderr: '' };
    for (const at of [now - 6900, now + 10 * 365 * 86_400])
      expect(await measureAt(at)).toEqual(silent);
    expect(here.mtr.calls()).toHaveLength(1);
    expect((await measureAt(now + 600)).code).toBe(0);
    expect(stored(here.state)).toEqual(['203.0.113.9 2']);
    const shown = await runAt(now + 600, ['--mtr-only', '24h', ...here.options]);
    expect(shown).toEqual({ code: 0, stdout: '', stderr: '' });
    const [cell] = JSON.parse(pages(here.out).get('data/matrix.json') ?? '').cells;
    expect(cell).toMatchObject({ state: 'ok', lastTraceAt: now + 600 });
  });

  test('a run can work while it measures; results wait while a run holds the lock', async () => {
    const here = withTargets('203.0.113.9', '192.0.2.3');
    const measuring = start(['mtr', '--parallel', '1', '--limit', '6s', ...here.stateOptions]);
    while (here.mtr.calls().length < 2) await new Promise((resolve) => setTimeout(resolve, 50));
    while (!existsSync(join(here.state, 'pstrace.db'))) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(await pstrace('--mtr-only', '1h', ...here.options)).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    const lock = acquireLock(join(here.state, 'lock'));
    expect(lock).not.toBeNull();
    await new Promise((resolve) => setTimeout(resolve, 7000));
    expect(measuring.process.exitCode).toBeNull();
    lock?.release();
    expect((await measuring.ended).code).toBe(0);
    expect(stored(here.state)).toEqual([
      '192.0.2.3 0 the run did not finish in time',
      '203.0.113.9 1',
    ]);
  });

  test('the same targets are not measured twice at a time, others are', async () => {
    const here = withTargets('192.0.2.3');
    const measuring = start(['mtr', ...here.stateOptions]);
    while (here.mtr.calls().length < 1) await new Promise((resolve) => setTimeout(resolve, 50));
    const second = await pstrace('mtr', ...here.stateOptions);
    expect(second).toMatchObject({ code: 75, stderr: expect.stringContaining('another pstrace') });
    const others = join(tempDir(), 'others');
    writeFileSync(others, '203.0.113.9');
    expect((await pstrace('mtr', others, ...here.stateOptions)).code).toBe(0);
    measuring.process.kill('SIGTERM');
    expect((await measuring.ended).code).toBe(143);
  });

  test('with a store that cannot be used, nothing is measured, exit 1', async () => {
    const here = withTargets('203.0.113.9', '192.0.2.3');
    mkdirSync(join(here.state, 'pstrace.db'), { recursive: true });
    const { code, stderr } = await pstrace('mtr', '--parallel', '1', ...here.stateOptions);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^pstrace: error: cannot use the state database/);
    expect(here.mtr.calls()).toEqual([]);
  });
});
