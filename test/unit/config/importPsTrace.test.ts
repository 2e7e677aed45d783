import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { expect, test } from 'vitest';
import { importPsTrace } from '../../../src/config/importPsTrace.ts';

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
  const { toml, warnings } = importPsTrace(ini, 'config.ini');
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
  const { toml, warnings } = importPsTrace(ini.replace('ALERTS = 1', 'ALERTS = 0'), 'config.ini');
  expect(getStaticTOMLValue(parseTOML(toml))).not.toHaveProperty('recipient');
  expect(toml).toContain('#[[recipient]]');
  expect(warnings.at(-1)).toMatch(/^ALERTS is 0/);
});

test('missing keys get the defaults of psTrace', () => {
  const { toml } = importPsTrace('[email]\nto = a@example.org', 'config.ini');
  expect(toml).toContain('server = "localhost"\nfrom = "pstrace@localhost"');
});

test.each([
  ['', 'no section \\[EMAIL\\]'],
  ['[EMAIL]\nALERTS = 1', 'no recipients'],
])('a file without a recipient is rejected: %j', (text, reason) => {
  expect(() => importPsTrace(text, 'config.ini')).toThrow(new RegExp(reason));
});

test('a value cannot add a table', () => {
  const { toml } = importPsTrace('[EMAIL]\nTO = a"\\n[x]@example.org\nFROM = "]\u007f', 'x\n[y]');
  expect(Object.keys(getStaticTOMLValue(parseTOML(toml)))).toEqual(['email']);
});
