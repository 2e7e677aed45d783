import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { describe, expect, test } from 'vitest';
import { importPsTrace } from '../../../src/config/importPsTrace.ts';
import type { TomlTable } from '../../../src/lib/strictToml.ts';

const ini = `
; psTrace
[PERFSONAR]
MAX_TIME_BETWEEN_TESTS = 1860
[ROUTE_COMPARISON]
THRESHOLD = 0.5
[EMAIL]
ALERTS = 1
TO = noc@example.org,
     desk@example.net
FROM: pstrace@example.org
Subject = Route "100%%"
SMTP_SERVER = mail.example.org:2525
`;

test('the keys of psTrace become a mail server, a recipient and remarks on what has no place', () => {
  const { toml, warnings } = importPsTrace(ini, 'config.ini', {});
  expect(getStaticTOMLValue(parseTOML(toml))).toEqual({
    alerts: { prefix: '[Route "100%"]' },
    email: { server: 'mail.example.org', port: 2525, from: 'pstrace@example.org' },
    recipient: [{ name: 'imported', to: ['noc@example.org', 'desk@example.net'] }],
  });
  expect(warnings.map((each) => each.split(' ')[0])).toEqual([
    'THRESHOLD',
    'MAX_TIME_BETWEEN_TESTS',
  ]);
});

test('alerts that were off stay off', () => {
  const { toml, warnings } = importPsTrace(
    ini.replace('ALERTS = 1', 'ALERTS = 0'),
    'config.ini',
    {},
  );
  expect(getStaticTOMLValue(parseTOML(toml))).not.toHaveProperty('recipient');
  expect(toml).toContain('#[[recipient]]');
  expect(warnings.at(-1)).toMatch(/^ALERTS is 0/);
});

test('missing keys get the defaults of psTrace', () => {
  const { toml } = importPsTrace('[email]\nto = a@example.org', 'config.ini', {});
  expect(toml).toContain('server = "localhost"\nfrom = "pstrace@localhost"');
});

test.each([
  ['', 'no section \\[EMAIL\\]'],
  ['[EMAIL]\nALERTS = 1', 'no recipients'],
])('a file without a recipient is rejected: %j', (text, reason) => {
  expect(() => importPsTrace(text, 'config.ini', {})).toThrow(new RegExp(reason));
});

test('a value cannot add a table', () => {
  const { toml } = importPsTrace(
    '[EMAIL]\nTO = a"\\n[x]@example.org\nFROM = "]\u007f',
    'x\n[y]',
    {},
  );
  expect(Object.keys(getStaticTOMLValue(parseTOML(toml)))).toEqual(['email']);
});

describe('a file that already has the settings', () => {
  const content = (toml: string) => getStaticTOMLValue(parseTOML(toml)) as TomlTable;

  test.each([ini, ini.replace('ALERTS = 1', 'ALERTS = 0')])('gets nothing again', (source) => {
    const { toml } = importPsTrace(source, 'config.ini', {});
    const again = importPsTrace(source, 'config.ini', content(toml));
    expect(again.toml).toBe('');
    expect(again.warnings).toContain(
      'the file already has email settings; those of psTrace are left out',
    );
  });

  test('gets only the tables that it lacks', () => {
    const own = '[email]\nserver = "a"\n[[recipient]]\nname = "noc"\n[alerts]\n';
    const { toml } = importPsTrace(ini, 'config.ini', content(own));
    expect(Object.keys(content(toml))).toEqual(['alerts', 'recipient']);
  });
});

describe('the older email_configuration.py', () => {
  const python = `# Email Configuration File
ENABLE_EMAIL_ALERTS = 1
EMAIL_TO = ["noc@example.org",
            'desk@example.net']  # both
EMAIL_FROM = "pstrace@example.org"
EMAIL_SUBJECT = "Trace #1"
EMAIL_SERVER = 'mail.example.org'
`;

  test('becomes the same tables', () => {
    const { toml, warnings } = importPsTrace(python, 'email_configuration.py', {});
    expect(getStaticTOMLValue(parseTOML(toml))).toEqual({
      alerts: { prefix: '[Trace #1]' },
      email: { server: 'mail.example.org', from: 'pstrace@example.org' },
      recipient: [{ name: 'imported', to: ['noc@example.org', 'desk@example.net'] }],
    });
    expect(warnings).toEqual([]);
  });

  test('with alerts off, or without that assignment, as the first versions had it', () => {
    const off = importPsTrace(python.replace('ALERTS = 1', 'ALERTS = 0 # off'), 'x.py', {});
    expect(off.toml).toContain('#[[recipient]]');
    const first = importPsTrace(python.replace('ENABLE_EMAIL_ALERTS = 1', ''), 'x.py', {});
    expect(first.toml).toContain('\n[[recipient]]');
  });

  test('without recipients is rejected', () => {
    expect(() => importPsTrace('EMAIL_TO = []\n', 'x.py', {})).toThrow(/no recipients/);
  });
});
