import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { HttpResponse, http } from 'msw';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createHttpClient } from '../../../src/lib/http/client.ts';
import { startArchiveServer } from '../../helpers/archiveServer.ts';

const tlsFile = (name: string) =>
  readFileSync(new URL(`../../fixtures/sources/tls/${name}`, import.meta.url), 'utf8');
const handlers = [http.all('*', () => HttpResponse.json(['from the archive']))];
const cleanups: (() => Promise<void>)[] = [];

beforeEach(() => {
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy', 'NO_PROXY'])
    vi.stubEnv(name, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** The proxy's reaction to a CONNECT: a tunnel, a 403 response, or none. */
type Tunnel = 'open' | 'refuse' | 'stall';

/** A forward proxy that maps every host name to the server on `port`. */
async function startProxy(port: number, tunnel: Tunnel = 'open') {
  const asked: string[] = [];
  const proxy = createServer((incoming, outgoing) => {
    asked.push(incoming.url ?? '');
    const { pathname } = new URL(incoming.url ?? '');
    request({ host: '127.0.0.1', port, path: pathname }, (answer) => answer.pipe(outgoing)).end();
  });
  proxy.on('connect', (incoming: IncomingMessage, client: Duplex) => {
    asked.push(incoming.url ?? '');
    client.on('error', () => client.destroy());
    if (tunnel === 'stall') return;
    if (tunnel === 'refuse') return void client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    const server = connect(port, '127.0.0.1');
    server.on('error', () => client.destroy());
    client.pipe(server).pipe(client);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  cleanups.push(async () => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, asked };
}

interface Changes {
  readonly caPem?: string;
  readonly insecure?: boolean;
  readonly fingerprint?: string;
  readonly timeoutSeconds?: number;
}

function client(hostname: string, changes: Changes = {}) {
  const limits = { maxResponseBytes: 1000, maxTotalBytes: 100_000, maxTotalSeconds: 600 };
  const created = createHttpClient({
    subject: hostname,
    hostname,
    caPem: null,
    insecure: false,
    concurrency: 2,
    retries: 0,
    timeoutSeconds: 5,
    retryDelayMs: 1,
    ...limits,
    ...changes,
  });
  cleanups.push(created.close);
  return created;
}

async function archive(certificate?: string) {
  const tls = certificate && { key: tlsFile('server.key'), cert: tlsFile(certificate) };
  const server = await startArchiveServer(handlers, tls || undefined);
  cleanups.push(server.close);
  return server;
}

test('requests use the proxy of the environment, by http and https', async () => {
  const plain = await startProxy((await archive()).port);
  const secure = await startProxy((await archive('localhost.pem')).port);
  vi.stubEnv('HTTP_PROXY', plain.url);
  vi.stubEnv('HTTPS_PROXY', secure.url);
  const { getJson } = client('archive.example.net', { caPem: tlsFile('authority.pem') });
  const expected = { value: ['from the archive'] };
  expect(await getJson(new URL('http://archive.example.net/x'))).toMatchObject(expected);
  expect(await getJson(new URL('https://archive.example.net/x'))).toMatchObject(expected);
  expect(plain.asked).toEqual(['http://archive.example.net/x']);
  expect(secure.asked).toEqual(['archive.example.net:443']);
});

test('certificates are checked through the proxy too, unless the administrator disables it', async () => {
  const proxy = await startProxy((await archive('self-signed.pem')).port);
  vi.stubEnv('HTTPS_PROXY', proxy.url);
  const url = new URL('https://archive.example.net/');
  const { fingerprint256: fingerprint } = new X509Certificate(tlsFile('self-signed.pem'));
  await expect(client('archive.example.net').getJson(url)).rejects.toMatchObject({
    reason: 'certificate',
    message: expect.stringContaining(fingerprint),
  });
  const other = new X509Certificate(tlsFile('expired.pem')).fingerprint256;
  await expect(
    client('archive.example.net', { fingerprint: other }).getJson(url),
  ).rejects.toMatchObject({ reason: 'certificate', message: expect.stringContaining(fingerprint) });
  const trusting = [{ insecure: true }, { caPem: tlsFile('self-signed.pem') }, { fingerprint }];
  for (const trust of trusting) {
    const answer = await client('archive.example.net', trust).getJson(url);
    expect(answer.value).toEqual(['from the archive']);
  }
});

test('a pinned certificate is enforced with a proxy that hides it', () => {
  vi.stubEnv('HTTPS_PROXY', 'socks5://127.0.0.1:1');
  expect(() => client('archive.example.net', { fingerprint: 'AB' })).toThrow(/SOCKS proxy/);
});

test('a proxy that rejects connections is named in the message', async () => {
  const proxy = await startProxy(1, 'refuse');
  vi.stubEnv('HTTPS_PROXY', proxy.url);
  const answer = client('archive.example.net').getJson(new URL('https://archive.example.net/'));
  await expect(answer).rejects.toMatchObject({ reason: 'proxy', kind: 'unreachable' });
});

test('a proxy that never responds does not outlast the timeout', async () => {
  const proxy = await startProxy(1, 'stall');
  vi.stubEnv('HTTPS_PROXY', proxy.url);
  const { getJson } = client('archive.example.net', { timeoutSeconds: 0.3 });
  const started = performance.now();
  await expect(getJson(new URL('https://archive.example.net/'))).rejects.toMatchObject({
    reason: 'timeout',
  });
  expect(performance.now() - started).toBeLessThan(3000);
});

test('hosts of NO_PROXY and this machine are queried directly', async () => {
  vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:1');
  vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:1');
  const { url } = await archive();
  expect((await client('127.0.0.1').getJson(new URL(url))).value).toEqual(['from the archive']);
  vi.stubEnv('NO_PROXY', '.invalid');
  const direct = client('nowhere.invalid').getJson(new URL('http://nowhere.invalid/'));
  await expect(direct).rejects.toMatchObject({ reason: 'dns' });
});

test('an invalid proxy address is an error of the environment', () => {
  vi.stubEnv('HTTP_PROXY', 'http://:::');
  expect(() => client('archive.example.net')).toThrow(/HTTP_PROXY/);
});
