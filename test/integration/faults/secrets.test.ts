import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { reply } from '../../helpers/notify/mailbox.ts';
import { place } from '../cli/command.ts';
import { deadArchive, serve } from '../pipeline/mesh.ts';
import { changeAt, scene } from '../pipeline/notify/scene.ts';
import { livelyMesh, noon } from './mesh.ts';
import { runAt } from './pstraceAt.ts';

vi.setConfig({ testTimeout: 180_000 });

/**
 * Every file below a folder that contains a text, including `.site` and the database with its
 * journals.
 */
function filesWith(text: string, out: string): string[] {
  const folder = dirname(out);
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => !name.endsWith('pstrace.toml') && statSync(join(folder, name)).isFile())
    .filter((name) => readFileSync(join(folder, name), 'latin1').includes(text));
}

test.each([
  ['in an address', (host: string) => [`http://anna:s3cret@${host}`]],
  ['in an address without a scheme', (host: string) => [`anna:s3cret@${host}`]],
  ['in --ca', (host: string) => ['--ca', `https://anna:s3cret@${host}=/no.pem`, host]],
  ['where a period stands', (host: string) => ['render', `https://anna:s3cret@${host}`]],
])('a password %s is refused and never shown', async (_, args) => {
  const archive = await serve(livelyMesh(1, 20, noon));
  const host = new URL(archive.base).host;
  const at = place();
  const ended = await runAt(noon, [...args(host), '-vv', ...at.options]);
  expect(ended.code).toBe(64);
  expect(ended.stderr).toMatch(/^pstrace: /);
  expect(`${ended.stdout}${ended.stderr}`).not.toMatch(/anna|s3cret/);
  expect(archive.requests).toEqual([]);
  expect(filesWith('s3cret', at.out)).toEqual([]);
});

test('a password in the configuration is refused and never shown', async () => {
  for (const [url, expectedError] of [
    ['"https://anna:s3cret@ma.example.org"', /https:\/\/…@ma\.example\.org/],
    ['["https://anna:s3cret@ma.example.org"]', /expected a host/],
  ] as const) {
    const at = place(`[[archive]]\nurl = ${url}\n`);
    const { code, stderr } = await runAt(noon, [...at.options]);
    expect(code).toBe(78);
    expect(stderr).toMatch(expectedError);
    expect(stderr).not.toMatch(/anna|s3cret/);
  }
});

test('a query after the path of an address, perhaps a token, is neither sent, stored nor printed', async () => {
  const archive = await serve(livelyMesh(2, 20, noon));
  const at = place();
  const ended = await runAt(noon, [
    `${archive.base}?key=s3cret#s3cret`,
    '3h',
    '-vv',
    ...at.options,
  ]);
  expect(ended.code).toBe(64);
  expect(ended.stderr).toMatch(/query/);
  expect(ended.stderr).not.toContain('s3cret');
  expect(archive.requests.join()).not.toContain('s3cret');
  expect(filesWith('s3cret', at.out)).toEqual([]);
  // The search finds existing text.
  mkdirSync(at.state, { recursive: true });
  writeFileSync(join(at.state, 'note'), 's3cret');
  expect(filesWith('s3cret', at.out)).toEqual([join('var', 'note')]);
});

test('only the proxy receives its password', async () => {
  const archive = await serve(livelyMesh(2, 20, noon));
  const proxy = `http://anna:s3cret@${new URL(archive.base).host}`;
  const at = place();
  const env = { HTTP_PROXY: proxy, http_proxy: proxy };
  const ended = await runAt(noon, ['http://ma.example.org', '3h', '-vv', ...at.options], { env });
  expect(ended.code).toBe(0);
  expect(ended.stderr).not.toMatch(/anna|s3cret/);
  expect(archive.lastHeaders()['proxy-authorization']).toBeDefined();
  expect(filesWith('s3cret', at.out)).toEqual([]);
});

test('the password of the mail server and the URL of a webhook are never shown, even if both fail', async () => {
  const hook = new URL(await deadArchive()).host;
  const refuse = () => {
    throw reply(450, 'try later');
  };
  const { at, args } = await scene(
    1,
    { onRecipient: refuse },
    changeAt,
    `user = "anna"
    password = "s3cret"
    [[recipient]]
    name = "chat"
    webhook = "http://${hook}/services/t0ken"`,
  );
  expect((await runAt(changeAt - 60, args)).code).toBe(0);
  const { code, stdout, stderr } = await runAt(changeAt + 3600, [...args, '-vv']);
  expect(code).toBe(75);
  expect(stderr).toMatch(
    /noc: A notification was rejected: .*SMTP status 450.* detail="450 try later"/,
  );
  expect(stderr).toMatch(/webhook chat.*Notifications cannot be delivered/);
  expect(`${stdout}${stderr}`).not.toMatch(/s3cret|t0ken/);
  for (const secret of ['s3cret', 't0ken']) expect(filesWith(secret, at.out)).toEqual([]);
});

/** A mail server that quotes the commands it does not know, AUTH among them; returns its port. */
async function quotingMailServer(): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 ready\r\n');
    socket.on('data', (line) => {
      const command = String(line).trim();
      if (command.startsWith('EHLO')) socket.write('250-here\r\n250 AUTH PLAIN\r\n');
      else socket.write(`500 5.5.1 unrecognized: "${command}"\r\n`);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A web server that quotes the path of a request, as Express does; returns its host and port. */
async function quotingWebServer(): Promise<string> {
  const server = createHttpServer((request, response) => {
    request.resume();
    response.writeHead(404).end(`<pre>Cannot POST ${request.url}</pre>`);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('secrets that the other side quotes reach neither pages nor the log, receivers no page', async () => {
  const { at, args } = await scene(
    1,
    {},
    changeAt,
    `user = "anna"
    password = "S3CRETpw"
    [[recipient]]
    name = "chat"
    webhook = "http://${await quotingWebServer()}/services/T0/B0/s3cretPath"`,
  );
  const file = join(dirname(at.out), 'pstrace.toml');
  const port = await quotingMailServer();
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^( *port) = .*$/m, `$1 = ${port}`));
  expect((await runAt(changeAt - 60, args)).code).toBe(0);
  const { code, stderr } = await runAt(changeAt + 3600, [...args, '-vv']);
  expect(code).toBe(75);
  expect(stderr).toMatch(
    /the mail server rejects the login \(SMTP status 500\).*AUTH PLAIN \[secret\]/,
  );
  expect(stderr).toMatch(/responded with HTTP status 404\..*detail="[^"]*Cannot POST \[secret\]/);
  const encoded = Buffer.from('\0anna\0S3CRETpw').toString('base64');
  for (const secret of ['S3CRETpw', 's3cretPath', encoded]) {
    expect(stderr).not.toContain(secret);
    expect(filesWith(secret, at.out)).toEqual([]);
  }
  const published = filesWith('Notifications cannot be delivered', at.out);
  expect(published).toContain(join('var', 'pstrace.db'));
  expect((await runAt(changeAt + 3700, args)).code).toBe(75);
  expect(filesWith('rejects the login', at.out).join()).toContain('data/status.json');
  for (const words of ['unrecognized', 'Cannot POST', 'noc@example.org'])
    expect(filesWith(words, at.out).filter((name) => name.startsWith('html'))).toEqual([]);
});
