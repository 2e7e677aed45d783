import { setTimeout as wait } from 'node:timers/promises';
import { HttpResponse, http } from 'msw';
import { expect, test } from 'vitest';
import { gzipped } from '../../helpers/faults.ts';
import { pages, place, start } from '../cli/command.ts';
import { meshTest, serve } from '../pipeline/mesh.ts';

const results = '*/base/0';

test('an archive that answers just in time takes its share of the run, and costs the others nothing', async () => {
  let isSlow = true;
  const late = http.get(results, async () => {
    if (isSlow) await wait(1500);
  });
  const slow = await serve(
    Array.from({ length: 60 }, (_, index) => meshTest(index + 1)),
    [late],
  );
  const good = await serve([meshTest(100)]);
  const at = place('run_limit = "4s"\n[http]\nretries = 0\nconcurrency = 2\n');
  const args = [slow.base, good.base, '24h', ...at.options];
  const startedAt = performance.now();
  const { code, stderr } = await start(args).ended;
  expect(performance.now() - startedAt).toBeLessThan(25_000);
  expect(code).toBe(75);
  expect(stderr).toMatch(
    /has taken 2 s, its share of the time of a run\. The next run continues\. Results of (\d+) of 60 tests are missing\. Raise run_limit/,
  );
  expect(pages(at.out).get('index.html')).toContain('ps-100.example.net');
  isSlow = false;
  expect(await start(args).ended).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(pages(at.out).get('index.html')).toContain('ps-60.example.net');
});

test('a server that asks for waits does not get more than its time', async () => {
  const busy = http.get(
    results,
    () => new HttpResponse('', { status: 429, headers: { 'retry-after': '30' } }),
  );
  const archive = await serve([meshTest(1), meshTest(2)], [busy]);
  const at = place('run_limit = "3s"\n');
  const startedAt = performance.now();
  const { code, stderr } = await start([archive.base, '24h', ...at.options]).ended;
  expect(performance.now() - startedAt).toBeLessThan(20_000);
  expect(code).toBe(1);
  expect(stderr).toContain('its share of the time of a run');
});

test('bytes count as unpacked', async () => {
  const padded = http.get(results, () => gzipped(`[${' '.repeat(1_000_000)}]`));
  const tests = Array.from({ length: 20 }, (_, index) => meshTest(index + 1));
  const archive = await serve(tests, [padded]);
  const at = place('[http]\nmax_run = "5MB"\nconcurrency = 1\n');
  const { code, stderr } = await start([archive.base, '12h', ...at.options]).ended;
  expect(stderr).toMatch(/has sent 5 MB, the limit of one run/);
  expect(code).toBe(1);
  expect(archive.requests.length).toBeLessThan(10);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'a process that waits for something deaf ends within 5 s of %s',
  async (signal) => {
    // A pipe without a writer: opening it waits in a thread that nothing interrupts.
    const { execFileSync } = await import('node:child_process');
    const at = place();
    const fifo = `${at.state}.fifo`;
    execFileSync('mkfifo', [fifo]);
    const running = start(['import', fifo, ...at.options.filter((_, index) => index > 1)]);
    await wait(1500);
    const startedAt = performance.now();
    running.process.kill(signal);
    await running.ended;
    expect(running.process.signalCode).toBe(signal);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  },
);
