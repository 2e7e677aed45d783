import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { canonicalAddress } from '../../../src/lib/ip.ts';
import { isGlobalAddress, isLocalAddress } from '../../../src/model/trace/addressKinds.ts';

const localRanges = [
  'unspecified',
  'private',
  'carrierGradeNat',
  'linkLocal',
  'loopback',
  'uniqueLocal',
  'deprecatedSiteLocal',
];
const groupRanges = ['multicast', 'broadcast'];

/** Both answers as the ranges of ipaddr.js give them. */
function byRange(address: string): { local: boolean; global: boolean } {
  const range = ipaddr.parse(address).range();
  const local = localRanges.includes(range);
  return { local, global: !local && !groupRanges.includes(range) };
}

function answers(address: string): { local: boolean; global: boolean } {
  return { local: isLocalAddress(address), global: isGlobalAddress(address) };
}

test.each([
  ['0.255.255.255', '1.0.0.0'],
  ['10.0.0.0', '9.255.255.255'],
  ['10.255.255.255', '11.0.0.0'],
  ['100.64.0.0', '100.63.255.255'],
  ['100.127.255.255', '100.128.0.0'],
  ['127.0.0.1', '128.0.0.1'],
  ['169.254.0.1', '169.253.255.255'],
  ['172.16.0.0', '172.15.255.255'],
  ['172.31.255.255', '172.32.0.0'],
  ['192.168.0.1', '192.167.255.255'],
  ['::', '::2'],
  ['::1', '::10'],
  ['fc00::1', 'fb00::1'],
  ['fdff::1', '2001:db8::1'],
  ['fe80::1', 'fe7f::1'],
  ['fec0::1', 'fe00::1'],
  ['fd12:3456::1', 'fd1::1'],
  ['fe8f::1', 'fe8::1'],
])('%s is local, %s is not', (inside, outside) => {
  expect(answers(inside)).toEqual({ local: true, global: false });
  expect(answers(outside)).toEqual({ local: false, global: true });
  expect(answers(inside)).toEqual(byRange(inside));
  expect(answers(outside)).toEqual(byRange(outside));
});

test.each(['224.0.0.1', '239.255.255.255', '255.255.255.255', 'ff02::1'])(
  '%s belongs to no single machine: neither local nor global',
  (address) => {
    expect(answers(address)).toEqual({ local: false, global: false });
  },
);

test('both answers agree with the ranges of ipaddr.js for any address', () => {
  const octet = fc.oneof(
    fc.nat(255),
    fc.constantFrom(0, 10, 64, 100, 127, 168, 169, 172, 192, 254),
  );
  const ipv4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));
  const ipv6 = fc.oneof(
    fc.ipV6(),
    fc
      .tuple(fc.constantFrom('fc', 'fd', 'fe', 'ff', '0'), fc.nat(255))
      .map(([head, tail]) => `${head}${tail.toString(16).padStart(2, '0')}::1`),
  );
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6), (text) => {
      const address = canonicalAddress(text);
      fc.pre(address !== null);
      expect(answers(address)).toEqual(byRange(address));
    }),
    { numRuns: 2000 },
  );
});

test('pseudonyms keep the kind of their address, and other text has none', () => {
  expect(answers('private-abcdefgh')).toEqual({ local: true, global: false });
  expect(answers('masked-abcdefgh')).toEqual({ local: false, global: false });
  expect(answers('host.example.net')).toEqual({ local: false, global: false });
});
