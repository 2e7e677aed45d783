import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exitCodes } from '../../../src/lib/exitCodes.ts';
import { version } from '../../../src/lib/version.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { place, pstrace } from './command.ts';

describe('help and version', () => {
  test('--version prints the version alone', async () => {
    expect(await pstrace('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('--help lists the options, examples and every exit code', async () => {
    const { code, stdout, stderr } = await pstrace('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const part of ['--until', '--json-log', 'crontab', 'render', 'demo-archive']) {
      expect(stdout).toContain(part);
    }
    const listed = stdout
      .slice(stdout.indexOf('Exit codes:'))
      .match(/^ {2}\d+/gm)
      ?.map(Number);
    expect(listed).toEqual([...Object.values(exitCodes), 130].sort((a, b) => a - b));
  });

  test('a command has a help of its own', async () => {
    const { code, stdout } = await pstrace('render', '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Usage: pstrace render/);
    expect((await pstrace('help', 'render')).stdout).toBe(stdout);
  });
});

describe('wrong usage exits 64 and names the mistake', () => {
  test.each([
    [
      ['--cncurrency', '3', 'ma', '60'],
      /unknown option '--cncurrency'.*Did you mean --concurrency/s,
    ],
    [['ma', '60', '--concurrency', '0'], /Expected a whole number from 1 to 64/],
    [['ma', '60', '--timeout', 'long'], /Expected seconds, or 90s/],
    [['ma', '60', '--until', 'yesterday'], /Expected ISO 8601/],
    [['ma', '60', '--until', '2999-01-01'], /is in the future/],
    [['ma', '99999d'], /The window 99999d is longer than 100 years/],
    [['ma', '60', '--until', '0'], /is before 2000/],
    [['ma', '60', '--timeout', '2d'], /Expected at most a day/],
    [['silence', 'add', '--for', '99999999d', '--reason', 'x'], /Expected at most 100 years/],
    [['ma', '24x'], /24x is neither a window nor an archive/],
    [['--insecure', 'render'], /'--insecure' does not belong to 'render'/],
    [['http://user:secret@ma.example.org', '60'], /not an archive address/],
    [['demo-archive', '--port', '99999'], /Expected a whole number from 0 to 65535/],
    [['demo-archive', '--dialect', 'mars'], /Allowed choices are elmond, esmond/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await pstrace(...args);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toMatch(/^pstrace: /);
    expect(stderr).toMatch(message);
  });

  test('a word that is neither a command nor a host, without a trace in state and pages', async () => {
    const { options, out, state } = place();
    const { code, stdout, stderr } = await pstrace('no-such-command', ...options);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toBe(
      "pstrace: error: no-such-command is neither a command nor the name of a host. See 'pstrace --help' for the commands; give an archive by its full name.\n",
    );
    expect([existsSync(out), existsSync(state)]).toEqual([false, false]);
  });

  test('no archive at all', async () => {
    const { code, stderr } = await pstrace(...place().options);
    expect(code).toBe(64);
    expect(stderr).toMatch(/No archive is given. Name one, as in: pstrace ma\.example\.org 24h/);
  });
});

describe('a wrong configuration exits 78', () => {
  test('all mistakes are reported at once, with file and line', async () => {
    const { options } = place('windw = 60\n[http]\nretries = "x"\n');
    const { code, stdout, stderr } = await pstrace('ma.example.org', '60', ...options);
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toMatch(
      /^pstrace: error: .*pstrace\.toml:1: unknown key windw; did you mean window\?\npstrace: error: .*:3: http\.retries: .*\n$/,
    );
    expect((await pstrace('render', ...options)).code).toBe(78);
  });

  test('a file that was asked for and is not there', async () => {
    const { code, stderr } = await pstrace('ma.example.org', '60', '--config', '/nowhere.toml');
    expect(code).toBe(78);
    expect(stderr).toBe(
      'pstrace: error: cannot read the configuration: no such file or directory (/nowhere.toml)\n',
    );
  });

  test('an archive that is no address', async () => {
    const { options } = place('[[archive]]\nurl = "gopher://ma"\n');
    const { code, stderr } = await pstrace('60', ...options);
    expect(code).toBe(78);
    expect(stderr).toMatch(/gopher:\/\/ma.*not an archive address/);
  });

  test('certificates that cannot be read', async () => {
    const { options } = place();
    const missing = join(tempDir(), 'ca.pem');
    const { code, stderr } = await pstrace('ma.example.org', '60', '--ca', missing, ...options);
    expect(code).toBe(78);
    expect(stderr).toContain(missing);
    const none = await pstrace('ma', '60', '--ca', join(import.meta.filename), ...options);
    expect(none.code).toBe(78);
    expect(none.stderr).toMatch(/has no valid certificate/);
  });
});
