import { spawn } from 'node:child_process';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { scanPorts } from '../../../../src/sources/monitor/portScan.ts';

/** A port of loopback with a listener; `closed`: without one. */
async function port(kind: 'open' | 'closed'): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: number } = server.address() as AddressInfo;
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  if (kind === 'closed') await close();
  else onTestFinished(close);
  return number;
}

test('a port is open or closed, with the time of the reply', async () => {
  const [open, closed] = [await port('open'), await port('closed')];
  const results = await scanPorts('127.0.0.1', [open, closed, open], { timeoutSeconds: 3 });
  expect(results).toEqual([
    { port: open, state: 'open', rttMs: expect.any(Number) },
    { port: closed, state: 'closed', rttMs: expect.any(Number) },
  ]);
  for (const { rttMs } of results) expect(rttMs).toBeGreaterThan(0);
});

/**
 * A program that listens and accepts nothing. Once its queue is full, the kernel no longer replies.
 */
const deaf = `
const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  require('node:fs').writeSync(1, String(server.address().port));
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
});`;

test('no reply in time means a filter', async () => {
  const child = spawn(process.execPath, ['-e', deaf], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const port = Number(String(await new Promise((resolve) => child.stdout.once('data', resolve))));
  const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1'));
  onTestFinished(() => fillers.forEach((socket) => void socket.destroy()));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const results = await scanPorts('127.0.0.1', [port], { timeoutSeconds: 0.3 });
  expect(results).toEqual([{ port, state: 'filtered', rttMs: null }]);
});
