import { X509Certificate } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { brotliCompressSync, deflateRawSync, deflateSync } from 'node:zlib';
import { HttpResponse, http } from 'msw';
import { afterEach, expect, test, vi } from 'vitest';
import { createHttpClient } from '../../../src/lib/http/client.ts';
import { HttpError } from '../../../src/lib/http/httpError.ts';
import type { HttpClientOptions } from '../../../src/lib/http/types.ts';
import {
  type ArchiveServer,
  type ServerTls,
  startArchiveServer,
} from '../../helpers/archiveServer.ts';
import * as reply from '../../helpers/faults.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const data = [{ ts: 1_700_000_000, val: [{ ttl: 1, ip: '192.0.2.1', rtt: 0.5 }] }];

async function serve(
  answer: (request: Request) => Response,
  tls?: ServerTls,
): Promise<ArchiveServer> {
  const server = await startArchiveServer([http.all('*', ({ request }) => answer(request))], tls);
  cleanups.push(server.close);
  return server;
}

function client(options: Partial<HttpClientOptions> = {}) {
  const created = createHttpClient({
    subject: 'archive.example.net/esmond',
    hostname: '127.0.0.1',
    caPem: null,
    insecure: false,
    concurrency: 4,
    timeoutSeconds: 5,
    retries: 2,
    maxResponseBytes: 1_000_000,
    maxTotalBytes: 1_000_000_000,
    maxTotalSeconds: 600,
    retryDelayMs: 1,
    ...options,
  });
  cleanups.push(created.close);
  return created;
}

async function failure(promise: Promise<unknown>): Promise<HttpError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HttpError);
  return error as HttpError;
}

const at = (server: ArchiveServer, path = '/') => new URL(path, server.url);

test('a response is read in any compression', async () => {
  const body = JSON.stringify(data);
  const encodings: [string, Buffer][] = [
    ['br', brotliCompressSync(body)],
    ['deflate', deflateSync(body)],
    ['deflate', deflateRawSync(body)],
    ['identity', Buffer.from(`\ufeff${body}`)],
  ];
  const { getJson } = client();
  for (const [encoding, bytes] of encodings) {
    const server = await serve(
      () => new Response(new Uint8Array(bytes), { headers: { 'content-encoding': encoding } }),
    );
    expect((await getJson(at(server))).value).toEqual(data);
  }
  const server = await serve(() => reply.gzipped(body));
  expect((await getJson(at(server))).value).toEqual(data);
});

test('nothing waits for the end of the budget on behalf of a finished request', async () => {
  const any = vi.spyOn(AbortSignal, 'any');
  const { getJson } = client();
  const server = await serve(() => HttpResponse.json(data));
  await getJson(at(server));
  const signals = any.mock.results.map(({ value }) => value as AbortSignal);
  any.mockRestore();
  expect(signals).not.toHaveLength(0);
  for (const signal of signals) expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('bodies of several responses in parallel and in a row do not mix', async () => {
  const { getJson } = client();
  const server = await serve(({ url }) => {
    const length = Number(new URL(url).pathname.slice(1));
    return HttpResponse.json('x'.repeat(length));
  });
  const lengths = Array.from({ length: 24 }, (_, index) => (index * 37_003) % 300_000);
  const answers = await Promise.all(lengths.map((length) => getJson(at(server, `/${length}`))));
  expect(answers.map(({ value }) => (value as string).length)).toEqual(lengths);
});

test('a request names its client and the accepted encodings', async () => {
  const server = await serve(() => HttpResponse.json(data));
  const { getJson, counters } = client();
  await getJson(at(server));
  expect(server.lastHeaders()).toMatchObject({
    accept: 'application/json',
    'accept-encoding': 'gzip, deflate, br',
    'user-agent': expect.stringMatching(/^pstrace\/\d/),
  });
  expect(counters).toEqual({ requests: 1, bytes: JSON.stringify(data).length });
});

test('a request to an overloaded archive is retried, after the wait that it asks for', async () => {
  const server = await serve(
    reply.inTurn(
      () => new Response('busy', { status: 503 }),
      () => new Response('slow down', { status: 429, headers: { 'retry-after': '1' } }),
      () => HttpResponse.json(data),
    ),
  );
  const started = performance.now();
  expect((await client().getJson(at(server))).value).toEqual(data);
  expect(performance.now() - started).toBeGreaterThan(950);
  expect(server.requests).toHaveLength(3);
});

test('a rejected request is not retried, and the reason is reported', async () => {
  const server = await serve(() =>
    HttpResponse.json({ detail: 'Unable to find address for host <b>x' }, { status: 400 }),
  );
  const error = await failure(client().getJson(at(server)));
  expect(error).toMatchObject({ reason: 'status', status: 400, kind: 'invalid-response' });
  expect(error.message).toBe(`127.0.0.1:${server.port} responded with HTTP status 400.`);
  expect(error.detail?.reveal()).toBe('Unable to find address for host <b>x');
  expect(server.requests).toHaveLength(1);
});

test('a persistent internal error is reported after the retries, with the text of its page', async () => {
  const server = await serve(() => reply.page('<title>500</title><p>Internal Server Error', 500));
  const error = await failure(client({ retries: 3 }).getJson(at(server)));
  expect(error.message).toContain('HTTP status 500.');
  expect(error.detail?.reveal()).toBe('500 Internal Server Error');
  expect(server.requests).toHaveLength(4);
});

test('a web page under status 200 is quoted, not parsed', async () => {
  const server = await serve(() =>
    reply.page(`<html><h1>Welcome to\n our WiFi</h1>${'z '.repeat(500)}`),
  );
  const error = await failure(client().getJson(at(server)));
  expect(error.reason).toBe('html');
  expect(error.message).toBe(`127.0.0.1:${server.port} responded with a web page instead of JSON.`);
  expect(error.detail?.reveal()).toContain('Welcome to our WiFi z z');
  expect(server.requests).toHaveLength(1);
});

test('a plain-text page is a web page too', async () => {
  const server = await serve(() => reply.page('Please log in'));
  expect(await failure(client().getJson(at(server)))).toMatchObject({ reason: 'html' });
});

test('a connection reset at any byte causes a retry, never half a response', async () => {
  const total = reply.wire(data).length;
  const { getJson } = client({ retries: 1 });
  for (let bytes = 0; bytes < total; bytes += 7) {
    const server = await serve(
      reply.inTurn(
        () => reply.resetAfter(bytes, data),
        () => HttpResponse.json(data),
      ),
    );
    expect((await getJson(at(server))).value, `cut after ${bytes} bytes`).toEqual(data);
    expect(server.requests).toHaveLength(2);
  }
});

test('JSON truncated at any byte causes a retry, then a failure', async () => {
  const length = JSON.stringify(data).length;
  const { getJson } = client({ retries: 0 });
  for (let keep = 1; keep < length; keep += 1) {
    const server = await serve(() => reply.truncated(data, keep));
    expect((await failure(getJson(at(server)))).reason, `${keep} bytes kept`).toBe('truncated');
    await server.close();
  }
  const server = await serve(
    reply.inTurn(
      () => reply.truncated(data, 9),
      () => HttpResponse.json(data),
    ),
  );
  expect((await getJson(at(server), 1)).value).toEqual(data);
});

test('a request for invalid JSON is not retried', async () => {
  const server = await serve(() => new Response('[{"ts": NaN}]'));
  const error = await failure(client().getJson(at(server)));
  expect(error).toMatchObject({ reason: 'content', kind: 'invalid-response' });
  expect(server.requests).toHaveLength(1);
});

test('a gzip bomb and an endless body stop at the size limit', async () => {
  const { getJson, counters } = client({ maxResponseBytes: 100_000 });
  const bomb = await serve(() => reply.gzipBomb(50_000_000));
  expect((await failure(getJson(at(bomb)))).reason).toBe('too-large');
  expect(bomb.requests).toHaveLength(1);
  const long = await serve(() => new Response(`[${' '.repeat(5_000_000)}]`));
  expect((await failure(getJson(at(long)))).reason).toBe('too-large');
  expect(counters.bytes).toBeLessThan(1_000_000);
});

test('a stalled or very slow response is aborted, in its header or its body', async () => {
  const { getJson } = client({ timeoutSeconds: 0.3, retries: 0 });
  const stalled = await serve(() => reply.stall());
  expect((await failure(getJson(at(stalled)))).reason).toBe('timeout');
  const slowHeader = await serve(() => reply.dripHeader(50));
  expect((await failure(getJson(at(slowHeader)))).reason).toBe('timeout');
  const dripping = await serve(() => reply.drip('x'.repeat(5000), 20));
  expect((await failure(getJson(at(dripping)))).reason).toBe('too-slow');
});

test('a redirect within the host is followed', async () => {
  const server = await serve((request) =>
    request.url.endsWith('/new') ? HttpResponse.json(data) : reply.redirect('/new', 301),
  );
  const answer = await client().getJson(at(server, '/old'));
  expect(answer.value).toEqual(data);
  expect(answer.url.pathname).toBe('/new');
});

test('a redirect to another host or port is not followed', async () => {
  const elsewhere = await serve(() => HttpResponse.json(data));
  for (const target of [
    elsewhere.url,
    elsewhere.url.replace('127.0.0.1', 'localhost'),
    'https://archive.example.net/',
    '//',
    'file:///etc/passwd',
  ]) {
    const server = await serve(() => reply.redirect(target));
    const error = await failure(client().getJson(at(server)));
    expect(error).toMatchObject({ reason: 'redirect', kind: 'misconfigured' });
  }
  expect(elsewhere.requests).toHaveLength(0);
});

test('a redirect loop ends', async () => {
  const server = await serve(() => reply.redirect('/'));
  expect((await failure(client().getJson(at(server)))).message).toContain('more than 5 times');
  expect(server.requests).toHaveLength(6);
});

const tlsFile = (name: string) =>
  readFileSync(new URL(`../../fixtures/sources/tls/${name}`, import.meta.url), 'utf8');
const withCertificate = (name: string): ServerTls => ({
  key: tlsFile('server.key'),
  cert: tlsFile(name),
});

const fingerprintOf = (name: string) => new X509Certificate(tlsFile(name)).fingerprint256;

test.each([
  ['self-signed.pem', null, 'is self-signed'],
  ['localhost.pem', null, 'is signed by an authority that is not trusted here'],
  ['expired.pem', 'authority.pem', 'has expired'],
  ['other-name.pem', 'authority.pem', 'was issued for another name'],
])('the certificate %s is rejected with a remedy', async (certificate, ca, words) => {
  const server = await serve(() => HttpResponse.json(data), withCertificate(certificate));
  const error = await failure(client({ caPem: ca && tlsFile(ca) }).getJson(at(server)));
  expect(error).toMatchObject({ reason: 'certificate', kind: 'misconfigured' });
  const seen = fingerprintOf(certificate);
  expect(error.message).toBe(
    `The certificate of 127.0.0.1:${server.port} ${words} (SHA-256 fingerprint ${seen}).`,
  );
  expect(error.remedy).toMatch(/--fingerprint.*--insecure/);
  expect(server.requests).toHaveLength(0);
});

test.each([
  ['localhost.pem', { caPem: tlsFile('authority.pem') }],
  ['localhost.pem', { caPem: tlsFile('localhost.pem') }],
  ['self-signed.pem', { caPem: tlsFile('self-signed.pem') }],
  ['self-signed.pem', { insecure: true }],
  ['expired.pem', { insecure: true }],
])(
  'the certificate %s is accepted if the administrator permits it',
  async (certificate, options) => {
    const server = await serve(() => HttpResponse.json(data), withCertificate(certificate));
    expect((await client(options).getJson(at(server))).value).toEqual(data);
  },
);

test.each(['self-signed.pem', 'expired.pem', 'other-name.pem', 'localhost.pem'])(
  'the certificate %s is accepted if it is pinned, and no other',
  async (certificate) => {
    const server = await serve(() => HttpResponse.json(data), withCertificate(certificate));
    const pinned = client({ fingerprint: fingerprintOf(certificate) });
    const answers = Array.from({ length: 9 }, (_, n) => pinned.getJson(at(server, `/${n}`)));
    for (const answer of answers) expect((await answer).value).toEqual(data);
    server.requests.splice(0);
    const trust = { insecure: true, caPem: tlsFile('authority.pem') };
    const fingerprint = fingerprintOf('authority.pem');
    const other = client({ ...trust, fingerprint });
    for (const error of [
      await failure(other.getJson(at(server))),
      await failure(other.getJson(at(server))),
    ]) {
      expect(error).toMatchObject({ reason: 'certificate', kind: 'misconfigured' });
      expect(error.message).toBe(
        `The certificate of 127.0.0.1:${server.port} is not the pinned one: it has the fingerprint ${fingerprintOf(certificate)}.`,
      );
      expect(error.remedy).toMatch(/openssl x509.*and pin it/);
    }
    expect(server.requests).toEqual([]);
  },
);

test('with a pinned certificate, a server without one receives no request', async () => {
  const server = await serve(() => HttpResponse.json(data));
  const error = await failure(
    client({ fingerprint: fingerprintOf('expired.pem') }).getJson(at(server)),
  );
  expect(error.message).toMatch(/sent no certificate/);
  expect(server.requests).toEqual([]);
});

test('a CA file without a certificate is a configuration error', () => {
  expect(() => client({ caPem: 'not a certificate' })).toThrow(/has no valid certificate/);
});

test('a port without TLS has another message than one that refuses connections', async () => {
  const server = await serve(() => HttpResponse.json(data));
  const { getJson } = client({ retries: 0 });
  const plain = await failure(getJson(new URL(server.url.replace('http:', 'https:'))));
  expect(plain.reason).toBe('not-tls');
  await server.close();
  const gone = await failure(getJson(at(server)));
  expect(gone).toMatchObject({ reason: 'refused', kind: 'unreachable' });
  expect(gone.message).toBe(`127.0.0.1:${server.port} refused the connection.`);
});

test('an unknown host name has a plain message', async () => {
  const { getJson } = client({ hostname: 'nowhere.invalid', retries: 0 });
  const error = await failure(getJson(new URL('http://nowhere.invalid/')));
  expect(error.reason).toBe('dns');
  expect(error.message).toContain('No address found for nowhere.invalid');
});

test('a dead archive does not cost every test its timeouts', async () => {
  const server = await serve(() => HttpResponse.json(data));
  await server.close();
  const { getJson, counters } = client({ concurrency: 1, retries: 0 });
  for (let test = 0; test < 5; test += 1) await failure(getJson(at(server)));
  expect(await failure(getJson(at(server)))).toMatchObject({ reason: 'given-up' });
  expect(counters.requests).toBe(5);
});

test('no more requests run in parallel than allowed', async () => {
  let running = 0;
  let most = 0;
  const server = await startArchiveServer([
    http.all('*', async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running -= 1;
      return HttpResponse.json([]);
    }),
  ]);
  cleanups.push(server.close);
  const { getJson } = client({ concurrency: 3 });
  await Promise.all(Array.from({ length: 12 }, () => getJson(at(server))));
  expect(most).toBe(3);
});

test('a server that throttles receives fewer parallel requests, and more again once it recovers', async () => {
  let open = 0;
  let most = 0;
  let refusals = 2;
  const served: number[] = [];
  const server = await startArchiveServer([
    http.all('*', async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      served.push(open);
      open -= 1;
      if (served.length > 8 && refusals-- > 0) return new Response('busy', { status: 503 });
      return HttpResponse.json(data);
    }),
  ]);
  cleanups.push(server.close);
  const { getJson } = client({ concurrency: 4 });
  await Promise.all(Array.from({ length: 100 }, (_, n) => getJson(at(server, `/${n}`))));
  expect(most).toBe(4);
  expect(Math.max(...served.slice(16, 28))).toBeLessThan(4);
  expect(Math.max(...served.slice(-20))).toBeGreaterThan(1);
});

test('after the byte limit of a run, the server receives no more requests', async () => {
  const server = await serve(() => HttpResponse.json(data));
  const { getJson, counters } = client({ maxTotalBytes: 100, concurrency: 1 });
  await getJson(at(server));
  await getJson(at(server));
  const error = await failure(getJson(at(server)));
  expect(error).toMatchObject({ reason: 'budget' });
  expect(error.message).toContain('The next run continues');
  expect(counters.requests).toBe(2);
});

test('a response of millions of empty values takes no more memory than one of its size', async () => {
  const { getJson } = client({ maxResponseBytes: 100_000 });
  const serveText = (text: string) => serve(() => new Response(text));
  for (const value of ['[]', '{}', '[0]']) {
    const dense = await serveText(`[${`${value},`.repeat(20_000)}0]`);
    expect(await failure(getJson(at(dense)))).toMatchObject({
      reason: 'too-large',
      message: expect.stringMatching(
        /^The response of 127\.0\.0\.1:\d+ has more than 25000 values\.$/,
      ),
    });
    expect(dense.requests).toHaveLength(1);
  }
  const hops = Array.from({ length: 2500 }, (_, ttl) => ({ ttl, success: 1 }));
  expect((await getJson(at(await serveText(JSON.stringify(hops))))).value).toEqual(hops);
});
