import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { SMTPServerOptions } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  authority,
  certificate,
  type Mailbox,
  openMailbox,
  reply,
} from '../../../helpers/notify/mailbox.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { pstrace, start } from '../../cli/command.ts';

async function mailbox(...args: Parameters<typeof openMailbox>): Promise<Mailbox> {
  const box = await openMailbox(...args);
  onTestFinished(box.close);
  return box;
}

/** A server that keeps what is posted to it and answers with a status. */
async function hook(status: number): Promise<{ url: string; bodies: string[] }> {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(status).end('seen');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`, bodies };
}

/** Writes a configuration with an own mail server; the option that names it. */
function configured(port: number, blocks: string, email = ''): string[] {
  const file = join(tempDir(), 'pstrace.toml');
  const server = `[email]\nserver = "127.0.0.1"\nport = ${port}\nfrom = "Routes <routes@example.org>"\n`;
  writeFileSync(file, `${server}${email}\n${blocks}`, { mode: 0o600 });
  return ['--config', file];
}

const noc = '[[recipient]]\nname = "noc"\nto = ["a@example.org", "b@example.net"]\n';
const plainLogin = { disabledCommands: ['STARTTLS'], hideSTARTTLS: true, allowInsecureAuth: true };

describe('pstrace test-alert', () => {
  test('sends one message through every channel and says who accepted it', async () => {
    const box = await mailbox();
    const { url, bodies } = await hook(200);
    const chat = `[[recipient]]\nname = "chat"\nwebhook = "${url}"\nwebhook_format = "slack"\n`;
    const site = '[site]\ntitle = "My mesh"\nurl = "https://ps.example.org/routes"\n';
    const { code, stdout, stderr } = await pstrace(
      'test-alert',
      ...configured(box.port, `${noc}${chat}${site}`),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^noc:a@example\.org: accepted by mail server 127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^noc:b@example\.net: accepted by mail server/),
      'chat:webhook: accepted by webhook chat',
      '',
    ]);
    expect(stdout).not.toContain('secret-path');
    expect(box.received.map(({ to }) => to)).toEqual([['a@example.org'], ['b@example.net']]);
    const { mail } = box.received[0] as (typeof box.received)[number];
    expect(mail.from).toEqual({ name: 'Routes', address: 'routes@example.org' });
    expect(mail.subject).toBe('[pstrace] test alert');
    expect(mail.text).toContain('pstrace, My mesh. Sent to noc');
    expect(mail.text).toContain('https://ps.example.org/routes/');
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ text: '[pstrace] test alert' });
  });

  test('sends to those asked for, by name or address', async () => {
    const box = await mailbox();
    const config = configured(box.port, `${noc}[[recipient]]\nname = "desk"\nto = "c@example.org"`);
    expect((await pstrace('test-alert', '--recipient', 'desk', ...config)).code).toBe(0);
    const { stdout } = await pstrace(
      'test-alert',
      '--recipient',
      'b@example.net',
      '--recipient',
      'desk',
      ...config,
    );
    expect(stdout.match(/^\S+(?=:)/gm)).toEqual(['noc:b@example.net', 'desk:c@example.org']);
    expect(box.received.map(({ to }) => to[0])).toEqual([
      'c@example.org',
      'b@example.net',
      'c@example.org',
    ]);
  });

  test('a rejection is reported with the response of the server, other recipients get theirs, exit 75', async () => {
    const box = await mailbox({
      onRecipient(address) {
        if (address.startsWith('a@')) throw reply(550, 'no such user here');
      },
    });
    const { url } = await hook(404);
    const chat = `[[recipient]]\nname = "chat"\nwebhook = "${url}"\n`;
    const { code, stdout, stderr } = await pstrace(
      'test-alert',
      ...configured(box.port, `${noc}${chat}`),
    );
    expect(code).toBe(75);
    expect(stdout).toMatch(/^noc:b@example\.net: accepted by mail server \S+\n$/);
    expect(stderr).toMatch(
      /noc:a@example\.org: not accepted by mail server .*detail="550 no such user/,
    );
    expect(stderr).toMatch(
      /chat:webhook: not accepted by webhook chat: .*HTTP status 404 detail=seen/,
    );
  });

  test('a missing mail server is reported, exit 75', async () => {
    const { code, stderr } = await pstrace('test-alert', ...configured(1, noc));
    expect(code).toBe(75);
    expect(stderr).toMatch(/not accepted by mail server 127\.0\.0\.1:1: .*ECONNREFUSED/);
  });
});

test('a sendmail program takes the mails of a host without a mail server of its own', async () => {
  const folder = tempDir();
  const program = join(folder, 'sendmail');
  writeFileSync(program, `#!/bin/sh\ncat >> ${folder}/mails\n`, { mode: 0o755 });
  const config = join(folder, 'pstrace.toml');
  writeFileSync(config, `[email]\nserver = "./sendmail"\n${noc}`);
  const { code, stdout } = await pstrace('test-alert', '--config', config);
  expect(code).toBe(0);
  expect(stdout).toContain(`noc:a@example.org: accepted by ${program}`);
  const mails = readFileSync(join(folder, 'mails'), 'utf8');
  expect(mails.match(/^To: .*$/gm)).toEqual(['To: a@example.org', 'To: b@example.net']);
  expect(mails).toMatch(/^From: pstrace@\S+$/m);
});

test('a certificate of an authority of our own is trusted where ca names it, and otherwise refused', async () => {
  const box = await mailbox({}, { ...certificate, authOptional: true });
  const folder = tempDir();
  writeFileSync(join(folder, 'ca.pem'), authority);
  const config = (ca: string) => {
    const file = join(folder, 'pstrace.toml');
    const server = `server = "localhost"\nport = ${box.port}\nsecurity = "starttls"\n`;
    writeFileSync(file, `[email]\n${server}from = "routes@example.org"\n${ca}${noc}`);
    return ['--config', file];
  };
  expect((await pstrace('test-alert', ...config('ca = "ca.pem"\n'))).code).toBe(0);
  expect(box.received.map(({ secure }) => secure)).toEqual([true, true]);
  const { code, stderr } = await pstrace('test-alert', ...config(''));
  expect(code).toBe(75);
  expect(stderr).toMatch(/not accepted by mail server localhost:\d+: .*certificate/);
});

describe('the password for the mail server', () => {
  const login = (password: string): SMTPServerOptions => ({
    ...plainLogin,
    onAuth: (auth, _session, done) =>
      auth.password === password
        ? done(null, { user: auth.username ?? '' })
        : done(reply(535, 'wrong password')),
  });

  test('comes from a file of its own', async () => {
    const box = await mailbox({}, login('in a file'));
    const file = join(tempDir(), 'secret');
    writeFileSync(file, 'in a file\n', { mode: 0o600 });
    const config = configured(box.port, noc, `user = "routes"\npassword_file = "${file}"`);
    const { code, stderr } = await pstrace('test-alert', ...config);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(box.received[0]?.user).toBe('routes');
    chmodSync(file, 0o644);
    const warned = await pstrace('test-alert', ...config);
    expect(warned.stderr).toContain(
      `${file} holds a secret, but every user can read it. Run: chmod o= `,
    );
  });

  test('or from the environment, which comes first', async () => {
    const box = await mailbox({}, login('in the environment'));
    const config = configured(box.port, noc, 'user = "routes"\npassword = "old"');
    const prefix = ['env', 'PSTRACE_SMTP_PASSWORD=in the environment'];
    expect((await start(['test-alert', ...config], prefix).ended).code).toBe(0);
    const { code, stderr } = await pstrace('test-alert', ...config);
    expect(code).toBe(75);
    expect(stderr).toContain('535 wrong password');
    expect(stderr).not.toContain('old');
  });

  test('in the configuration, which others can read, is warned of', async () => {
    const box = await mailbox({}, login('within'));
    const config = configured(box.port, noc, 'user = "routes"\npassword = "within"');
    chmodSync(config[1] ?? '', 0o640);
    expect((await pstrace('test-alert', ...config)).stderr).toBe('');
    chmodSync(config[1] ?? '', 0o644);
    const { code, stderr } = await pstrace('test-alert', ...config);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /pstrace\.toml holds a secret, but every user can read it\. Run: chmod o= /,
    );
  });
});

describe('wrong settings are reported before anything is sent, exit 78', () => {
  test.each([
    ['', '', 'has no recipient. Add a [[recipient]] block'],
    [noc, 'user = "routes"', 'email.user has no password. Name a file'],
    [noc, 'user = "routes"\npassword_file = "no-such"', 'cannot read the password'],
    [noc, 'ca = "no-such.pem"', 'cannot read the certificates'],
    [
      '[[recipient]]\nname = "chat"\nwebhook = "http://127.0.0.1:1/"\nwebhook_template = "no-such"',
      '',
      'cannot read the template',
    ],
  ])('%j %j', async (blocks, email, expected) => {
    const { code, stdout, stderr } = await pstrace('test-alert', ...configured(1, blocks, email));
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toContain(expected);
  });

  test('a file with the password that cannot even be looked at', async () => {
    const file = join(tempDir(), 'loop');
    symlinkSync('loop', file);
    const config = configured(1, noc, `user = "routes"\npassword_file = "${file}"`);
    const { code, stderr } = await pstrace('test-alert', ...config);
    expect({ code, lines: stderr.match(/\n/g) }).toEqual({ code: 78, lines: ['\n'] });
    expect(stderr).toContain('cannot read the password: too many symbolic links');
  });

  test('a template that does not render to JSON', async () => {
    const template = join(tempDir(), 'chat.njk');
    writeFileSync(template, '{"text": {{ subject }}}');
    const chat = `[[recipient]]\nname = "chat"\nwebhook = "http://127.0.0.1:1/"\nwebhook_template = "${template}"`;
    const { code, stderr } = await pstrace('test-alert', ...configured(1, chat));
    expect(code).toBe(78);
    expect(stderr).toMatch(
      /template does not render to JSON\. Pass each value through the dump filter/,
    );
  });

  test('a recipient that is not there, exit 64', async () => {
    const config = configured(1, noc);
    const { code, stderr } = await pstrace('test-alert', '--recipient', 'nok', ...config);
    expect(code).toBe(64);
    expect(stderr).toContain('There is no recipient nok. The configuration has: noc.');
  });
});
