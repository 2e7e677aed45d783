import { readFileSync } from 'node:fs';
import { createServer as createWebServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { probeMysql, probeWeb } from '../../../../src/sources/monitor/serviceProbe.ts';

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

const limitMs = 2000;

const tlsFile = (name: string) =>
  readFileSync(new URL(`../../../fixtures/sources/tls/${name}`, import.meta.url));

test('a web server: status and name, with the time of the answer', async () => {
  const port = await listen(
    createWebServer((request, response) => {
      response.writeHead(request.method === 'HEAD' ? 301 : 500, { server: 'nginx/1.22' }).end();
    }),
  );
  expect(await probeWeb('http', '127.0.0.1', limitMs, port)).toEqual({
    rttMs: expect.any(Number),
    status: 301,
    server: 'nginx/1.22',
  });
});

test('a web server with a certificate of its own, and without a name', async () => {
  const port = await listen(
    createSecureServer(
      { cert: tlsFile('self-signed.pem'), key: tlsFile('server.key') },
      (_, response) => response.writeHead(404).end(),
    ),
  );
  expect(await probeWeb('https', '127.0.0.1', limitMs, port)).toMatchObject({
    status: 404,
    server: null,
  });
});

test('the version of MySQL is in its greeting', async () => {
  const greeting = Buffer.from('J\0\0\0\x0a8.0.36-log\0rest', 'latin1');
  const port = await listen(createServer((socket) => socket.end(greeting)));
  expect(await probeMysql('127.0.0.1', limitMs, port)).toEqual({
    rttMs: expect.any(Number),
    version: '8.0.36-log',
  });
});

test('a server that speaks something else has no answer, or an unknown version', async () => {
  const port = await listen(createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
  expect(await probeWeb('http', '127.0.0.1', limitMs, port)).toBeNull();
  expect(await probeMysql('127.0.0.1', limitMs, port)).toMatchObject({ version: null });
});

test('a server that never answers costs the limit, and no more', async () => {
  const port = await listen(createServer(() => undefined));
  const startedAt = performance.now();
  expect(await probeWeb('http', '127.0.0.1', 300, port)).toBeNull();
  expect(await probeMysql('127.0.0.1', 300, port)).toBeNull();
  expect(performance.now() - startedAt).toBeLessThan(limitMs);
});
