import { isIP } from 'node:net';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { expect, test } from 'vitest';
import { canonicalAddress } from '../../../src/lib/ip.ts';
import {
  addressBytes,
  createPrefixTest,
  linkSubnet,
  siteSubnet,
} from '../../../src/model/trace/addressPrefix.ts';

test.each([
  ['198.51.100.0/24', '198.51.100.255', true],
  ['198.51.100.0/24', '198.51.101.0', false],
  ['198.51.100.128/25', '198.51.100.127', false],
  ['0.0.0.0/0', '203.0.113.9', true],
  ['198.51.100.7/32', '198.51.100.7', true],
  ['2001:db8::/32', '2001:db8:ffff::1', true],
  ['2001:db8::/32', '2001:db9::1', false],
  ['2001:db8::/32', '198.51.100.1', false],
  ['::/0', '2001:db8::1', true],
  ['198.51.100.0/33', '198.51.100.0', null],
  ['198.51.100.0', '198.51.100.0', null],
  ['2001:db8::1::/32', '2001:db8::1', null],
  ['host/24', '198.51.100.0', null],
])('%s holds %s: %s', (prefix, address, held) => {
  expect(createPrefixTest(prefix)?.(address) ?? null).toBe(held);
});

const group = fc.oneof(
  fc.constantFrom('', '0', '00ff', 'DB8', '12345', 'g', '0x1', '-1', '1 '),
  fc.integer({ min: 0, max: 0xffff }).map((value) => value.toString(16)),
);
const groups = fc.array(group, { maxLength: 9 }).map((texts) => texts.join(':'));
const part = fc.constantFrom('0', '7', '255', '256', '01', '', '1e1', '-0', 'NaN', ' 1');
const parts = fc.array(part, { minLength: 3, maxLength: 5 }).map((texts) => texts.join('.'));
const ipv4 = fc.oneof(fc.ipV4(), parts);
const ipv6 = fc.oneof(
  fc.ipV6(),
  groups,
  fc.tuple(groups, groups).map((halves) => halves.join('::')),
);
const texts = fc.oneof(
  ipv4,
  ipv6,
  fc.tuple(ipv6, ipv4).map((halves) => halves.join(':')),
  ipv4.map((text) => `::${text}`),
  ipv6.map((text) => `${text}%eth0`),
);
const addresses = fc.oneof(fc.ipV4(), fc.ipV6()).map((text) => canonicalAddress(text) as string);

test('reads the same addresses as Node, with the bytes that ipaddr.js finds', () => {
  const expected = (text: string): number[] | null =>
    isIP(text) === 0 || text.includes('%') ? null : ipaddr.parse(text).toByteArray();
  fc.assert(
    fc.property(texts, (text) => {
      expect(addressBytes(text)).toEqual(expected(text));
    }),
    { numRuns: 2000 },
  );
});

/** The address with one bit inverted, so that both share the bits before it. */
function invertBit(address: string, bit: number): string {
  const bytes = addressBytes(address) ?? [];
  const position = bit % (bytes.length * 8);
  const inverted = bytes.map((byte, at) =>
    at === position >> 3 ? byte ^ (0x80 >> (position & 7)) : byte,
  );
  return ipaddr.fromByteArray(inverted).toString();
}

test('prefixes hold the same addresses as in ipaddr.js', () => {
  fc.assert(
    fc.property(addresses, fc.nat(128), fc.nat(128), (network, bits, bit) => {
      const length = network.includes(':') ? bits : bits % 33;
      const near = ipaddr.parse(invertBit(network, bit));
      const [parsed] = ipaddr.parseCIDR(`${network}/${length}`);
      const expected = near.kind() === parsed.kind() && near.match(parsed, length);
      expect(createPrefixTest(`${network}/${length}`)?.(near.toString())).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['198.51.100.7', '198.51.100.4/30', '198.51.100'],
  ['2001:db8::7', '2001:db8:0:0/64', '2001:db8:0:0'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2/64', '2001:db8:1:2'],
  ['::1', '0:0:0:0/64', '0:0:0:0'],
])('%s: the link is %s, the site %s', (address, link, site) => {
  expect(linkSubnet(address)).toBe(link);
  expect(siteSubnet(address)).toBe(site);
});
