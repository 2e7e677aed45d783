import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../../src/config/load.ts';
import { tempDir } from '../../../helpers/tempDir.ts';
import { place, pstrace, start } from '../../cli/command.ts';
import { meshTest, serve } from '../mesh.ts';

function written(name: string, text: string): string {
  const file = join(tempDir(), name);
  writeFileSync(file, text);
  return file;
}

describe('pstrace config import-pstrace', () => {
  const ini = `[PERFSONAR]
MAX_TIME_BETWEEN_TESTS = 1860
HOSTS = a
[ROUTE_COMPARISON]
THRESHOLD = 0.5
[EMAIL]
ALERTS = 1
TO = noc@example.org, desk@example.net
FROM = pstrace@example.org
SUBJECT = Route change
SMTP_SERVER = mail.example.org
`;

  test('prints a valid configuration, and reports settings without an equivalent', async () => {
    const file = written('config.ini', ini);
    const { code, stdout, stderr } = await pstrace('config', 'import-pstrace', file);
    expect(code).toBe(0);
    const { config, faults } = parseConfig(stdout, 'p.toml', '/');
    expect(faults).toBeNull();
    expect(config?.alerts).toMatchObject({
      prefix: '[Route change]',
      email: { host: 'mail.example.org', from: 'pstrace@example.org' },
      recipients: [{ name: 'imported', to: ['noc@example.org', 'desk@example.net'] }],
    });
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/THRESHOLD is not needed/),
      expect.stringMatching(/MAX_TIME_BETWEEN_TESTS is not needed/),
      expect.stringMatching(/HOSTS under \[PERFSONAR\] is unknown and not imported/),
      '',
    ]);
  });

  test('what it prints may stand behind the sample configuration', async () => {
    const sample = readFileSync(
      join(import.meta.dirname, '../../../../conf/pstrace.example.toml'),
      'utf8',
    );
    const { stdout } = await pstrace('config', 'import-pstrace', written('config.ini', ini));
    const behind = parseConfig(`${sample}${stdout}`, 'p.toml', '/');
    expect(behind.faults).toBeNull();
    expect(behind).toEqual(parseConfig(stdout, 'p.toml', '/'));
  });

  test('appended twice to a file, it leaves the file as after the first time', async () => {
    const [source, target] = [written('config.ini', ini), written('p.toml', '# mine\n')];
    const append = async () => {
      const command = ['sh', '-c', `exec "$@" >> '${target}'`, 'sh'];
      const { code, stderr } = await start(['config', 'import-pstrace', source], command).ended;
      expect(code).toBe(0);
      return { text: readFileSync(target, 'utf8'), stderr };
    };
    const first = await append();
    expect(parseConfig(first.text, 'p.toml', '/').faults).toBeNull();
    const second = await append();
    expect(second.text).toBe(first.text);
    expect(second.stderr).toContain('the file already has email settings');
  });

  test('an invalid address is reported with the printed configuration, exit 75', async () => {
    const file = written('config.ini', ini.replace('noc@example.org', 'root'));
    const { code, stdout, stderr } = await pstrace('config', 'import-pstrace', file);
    expect(code).toBe(75);
    expect(stdout).toContain('to = ["root", "desk@example.net"]');
    expect(stderr).toContain('recipient.to: expected mail addresses in quotes');
  });

  test.each([
    ['nothing there', null, 'cannot read the configuration of psTrace'],
    ['another kind of file', '{"a": 1}', 'has no section [EMAIL]. Use the config.ini'],
  ])('%s, exit 78', async (_, text, expected) => {
    const file = text === null ? '/no/such' : written('config.ini', text);
    const { code, stdout, stderr } = await pstrace('config', 'import-pstrace', file);
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toContain(expected);
  });
});

describe('pstrace config check', () => {
  test('shows how many stored tests each block selects, and which pattern matches none', async () => {
    const here = place(`
[[group]]
name = "core"
tests = ["ps-1.example.net", "ps-9.*"]
[[recipient]]
name = "noc"
to = "noc@example.org"
groups = "core"
[[policy]]
max_hops = 20
`);
    const { base } = await serve([meshTest(1), meshTest(2)]);
    await pstrace(base, '24h', ...here.options);
    const { code, stdout, stderr } = await pstrace('config', 'check', ...here.options.slice(2));
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/pstrace\.toml: OK$/),
      'group core: 1 of 2 tests',
      'recipient noc: 1 of 2 tests',
      'policy 1: 2 of 2 tests',
      '',
    ]);
    expect(stderr).toContain('group core: no stored test matches "ps-9.*"');
  });

  test('a mistake is reported with file and line, exit 78', async () => {
    const { code, stderr } = await pstrace(
      'config',
      'check',
      ...place('[[recipient]]\nname = "x"\n').options.slice(2),
    );
    expect(code).toBe(78);
    expect(stderr).toMatch(/pstrace\.toml:1: recipient\.to: expected mail addresses/);
  });

  test('a file that it names and that is not there, exit 78', async () => {
    const settings = '[[archive]]\nurl = "ma.example.org"\nca = "no-such.pem"\n';
    const { code, stderr } = await pstrace('config', 'check', ...place(settings).options.slice(2));
    expect(code).toBe(78);
    expect(stderr).toContain('cannot read the certificates');
  });
});
