import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startArchiveServer } from '../../helpers/archiveServer.ts';
import { basePath, fakeArchive } from '../../helpers/fakeArchive.ts';
import { pages, place } from '../cli/command.ts';
import { serve } from '../pipeline/mesh.ts';
import { livelyMesh, noon } from './mesh.ts';
import { runAt } from './pstraceAt.ts';

vi.setConfig({ testTimeout: 180_000 });

const folder = join(import.meta.dirname, '../../fixtures/sources/tls');
const settings = '[http]\nretries = 0\ntimeout = "3s"\n';
const good = { code: 0, stdout: '', stderr: '' };

/** Serves a mesh over TLS with a certificate of the fixtures; the server's `host:port`. */
async function serveTls(certificate: string): Promise<string> {
  const [key, cert] = ['server.key', certificate].map((name) =>
    readFileSync(join(folder, name), 'utf8'),
  );
  const server = await startArchiveServer(fakeArchive(livelyMesh(1, 20, noon)), {
    key: key ?? '',
    cert: cert ?? '',
  });
  onTestFinished(server.close);
  return `127.0.0.1:${server.port}`;
}

/** Rejected certificates, and their messages. */
const refused = {
  'expired.pem':
    /has expired \(SHA-256 fingerprint [0-9A-F:]{95}\)\. Renew it on the server.*clock of this host.*--insecure\.$/,
  'other-name.pem':
    /was issued for another name \(SHA-256 .*\)\. Use the name in the certificate.*--fingerprint.*--ca FILE.*--insecure\.$/,
  'self-signed.pem':
    /is self-signed \(SHA-256 .*\)\. Pin it with --fingerprint.*--ca FILE.*--insecure\.$/,
};

test('rejected certificates have distinct messages and remedies; the pages show the other archive', async () => {
  const hosts = await Promise.all(Object.keys(refused).map(serveTls));
  const { base } = await serve(livelyMesh(3, 20, noon));
  const at = place(settings);
  const authority = join(folder, 'authority.pem');
  const args = [...hosts, base, '3h', '--ca', authority, ...at.options];
  const { code, stderr } = await runAt(noon, args);
  expect(code).toBe(75);
  const lines = stderr.trimEnd().split('\n');
  expect(lines).toHaveLength(3);
  for (const [index, said] of Object.values(refused).entries()) {
    const start = `pstrace: warning: ${hosts[index]}${basePath}: The certificate of ${hosts[index]} `;
    const [line = ''] = lines.filter((one) => one.startsWith(start));
    expect(line).toMatch(said);
  }
  expect(JSON.parse(pages(at.out).get('data/matrix.json') ?? '').cells).toHaveLength(3);
});

test('a certificate of --ca is valid for any name, until it expires', async () => {
  for (const [certificate, code] of [
    ['self-signed.pem', 0],
    ['other-name.pem', 0],
    ['expired.pem', 1],
  ] as const) {
    const host = await serveTls(certificate);
    const args = [
      host,
      '3h',
      '--ca',
      `${host}=${join(folder, certificate)}`,
      ...place(settings).options,
    ];
    expect((await runAt(noon, args)).code, certificate).toBe(code);
  }
});

test('the fingerprint of a rejection, once pinned, admits the certificate, but no other', async () => {
  for (const certificate of Object.keys(refused)) {
    const host = await serveTls(certificate);
    const at = place(settings);
    const { stderr } = await runAt(noon, [host, '3h', ...at.options]);
    const [, seen = ''] = /SHA-256 fingerprint ([0-9A-F:]{95})\)/.exec(stderr) ?? [];
    const pinned = await runAt(noon, [host, '3h', '--fingerprint', seen, ...at.options]);
    expect(pinned, certificate).toEqual(good);
  }
  const host = await serveTls('localhost.pem');
  const config = `[[archive]]\nurl = "${host}"\nfingerprint = "${'ab'.repeat(32)}"\n${settings}`;
  const { code, stderr } = await runAt(noon, ['3h', ...place(config).options]);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /warning: \S+: The certificate of \S+ is not the pinned one: it has the fingerprint [0-9A-F:]{95}\. If the server has a new certificate, check/,
  );
});

test('with a pinned certificate, an archive is never queried by http', async () => {
  const { base, requests } = await serve(livelyMesh(1, 20, noon));
  const pin = ['--fingerprint', 'ab'.repeat(32), ...place(settings).options];
  const plain = await runAt(noon, [base, '3h', ...pin]);
  expect(plain.code).toBe(78);
  expect(plain.stderr).toMatch(/A fingerprint is pinned, but http has no certificate\. Use/);
  const { code, stderr } = await runAt(noon, [new URL(base).host, '3h', ...pin]);
  expect(code).toBe(1);
  expect(stderr).toMatch(/does not speak TLS/);
  expect(requests).toEqual([]);
});

test('a name that cannot be resolved is in the message', async () => {
  const { code, stderr } = await runAt(noon, ['ma.invalid', '3h', ...place(settings).options]);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /warning: .*No address found for ma\.invalid: the (name is unknown|resolver does not respond)\. Check the name/,
  );
});

test('an archive with only IPv6 is read by its address in brackets', async () => {
  const archive = await serve(livelyMesh(1, 20, noon));
  const six = createServer((client) => {
    const server = connect(archive.port, '127.0.0.1');
    client.pipe(server).pipe(client);
    for (const end of [client, server])
      end.on('error', () => [client, server].map((one) => one.destroy()));
  });
  await new Promise<void>((resolve) => six.listen(0, '::1', resolve));
  onTestFinished(() => void six.close());
  const { port } = six.address() as AddressInfo;
  const at = place(settings);
  expect(await runAt(noon, [`http://[::1]:${port}`, '3h', ...at.options])).toEqual(good);
  expect(pages(at.out).get('data/matrix.json')).toContain(`[::1]:${port}${basePath}`);
});

/** Starts a proxy with constant responses; returns its URL, with a password. */
async function serveProxy(answer: string): Promise<string> {
  const proxy = createServer((client) => {
    client.on('error', () => client.destroy());
    client.once('data', () => client.end(answer));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  return `http://anna:s3cret@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

test.each([
  [
    'that asks for a password',
    'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n',
    /proxy.*ma\.example\.org.*407.*HTTPS_PROXY/i,
  ],
  ['that hangs up', '', /ma\.example\.org/],
])('a proxy %s is reported without its password', async (_, answer, said) => {
  const HTTPS_PROXY = await serveProxy(answer);
  const env = { HTTPS_PROXY, https_proxy: HTTPS_PROXY };
  const args = ['https://ma.example.org', '3h', '-vv', ...place(settings).options];
  const { code, stderr } = await runAt(noon, args, { env });
  expect(code).toBe(1);
  expect(stderr).toMatch(said);
  expect(stderr).not.toMatch(/anna|s3cret|a bug/);
});

test('a missing proxy is reported with its address', async () => {
  const archive = await serve([]);
  await archive.close();
  const HTTPS_PROXY = `http://anna:s3cret@127.0.0.1:${archive.port}`;
  const args = ['https://ma.example.org', '3h', ...place(settings).options];
  const { code, stderr } = await runAt(noon, args, { env: { HTTPS_PROXY } });
  expect(code).toBe(1);
  expect(stderr).toMatch(
    new RegExp(
      `The proxy of ma\\.example\\.org refused the.* detail=127\\.0\\.0\\.1:${archive.port}\n`,
    ),
  );
  expect(stderr).not.toMatch(/anna|s3cret/);
});
