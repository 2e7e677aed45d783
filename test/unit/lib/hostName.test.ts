import { expect, test } from 'vitest';
import { canonicalHostName } from '../../../src/lib/hostName.ts';

test.each([
  ['WWW.Example.NET.', 'www.example.net'],
  [' host ', 'host'],
  ['_dmarc.example.net', '_dmarc.example.net'],
  ['4.example.net', '4.example.net'],
  ['bücher.example', 'xn--bcher-kva.example'],
  [`${'a'.repeat(63)}.net`, `${'a'.repeat(63)}.net`],
])('%j is the host %s', (text, name) => {
  expect(canonicalHostName(text)).toBe(name);
});

test.each([
  '',
  '.',
  '../..',
  '-x',
  'a.-b',
  'a-.net',
  'a..b',
  'a b',
  'a/b',
  'a;b',
  'a\nb',
  '192.0.2.1',
  '192.0.2.256',
  '12345',
  '2001:db8::1',
  `${'a'.repeat(64)}.net`,
  'a.'.repeat(130),
  '\u202e.net',
  7,
  null,
])('%j is not a host name', (text) => {
  expect(canonicalHostName(text)).toBeNull();
});
