import { expect, test } from 'vitest';
import { canonicalAddress } from '../../../src/lib/ip.ts';
import { familyOf } from '../../../src/model/trace/addressKinds.ts';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  [' 192.0.2.1 ', '192.0.2.1'],
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8::0001', '2001:db8::1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['::FFFF:c000:0207', '192.0.2.7'],
  ['::', '::'],
])('the canonical form of %j is %s', (text, canonical) => {
  expect(canonicalAddress(text)).toBe(canonical);
});

test.each([
  '',
  '*',
  '192.0.2.0/24',
  '192.0.2.01',
  '192.0.2.256',
  '3221225985',
  '0x7f.1',
  'fe80::1%eth0',
  '2001:db8::/32',
  '2001:db8::1::2',
  'ps-a.example.net',
  '192.0.2.1\u0000',
  '192.0.2.1<script>',
  'x'.repeat(10_000),
  null,
  undefined,
  7,
  ['192.0.2.1'],
])('%j is not an address', (text) => {
  expect(canonicalAddress(text)).toBeNull();
});

test('colons show the family of a canonical address', () => {
  expect(familyOf('192.0.2.1')).toBe(4);
  expect(familyOf('2001:db8::1')).toBe(6);
});
