import { expect, test } from 'vitest';
import { isPrivateAddress } from '../../../src/analysis/addressKinds.ts';
import { asnLookup, asPathOf, hopAsn } from '../../../src/analysis/window/asPath.ts';

const path = (...asns: (number | null)[]): number[] =>
  asPathOf(asns.map((asn, i) => ({ ttl: i + 1, addresses: [], asn })));

test('an AS path merges neighbours and bridges what is unknown', () => {
  expect(path(64496, 64496, null, 64496, 64497)).toEqual([64496, 64497]);
  expect(path(null, 64496, null, null, 64497, null)).toEqual([64496, 64497]);
  expect(path(64496, 64497, 64496)).toEqual([64496, 64497, 64496]);
  expect(path(null, null)).toEqual([]);
});

test('a hop has the AS that its known addresses agree on', () => {
  const asnOf = (address: string): number | null =>
    ({ '192.0.2.1': 64496, '192.0.2.2': 64496, '192.0.2.3': 64497 })[address] ?? null;
  expect(hopAsn(['192.0.2.1', '192.0.2.2', '192.0.2.9'], asnOf)).toBe(64496);
  expect(hopAsn(['192.0.2.1', '192.0.2.3'], asnOf)).toBeNull();
  expect(hopAsn([], asnOf)).toBeNull();
});

test('private addresses have no AS, whatever the archive says; AS 0 is none', () => {
  const known = (address: string, asn: number) =>
    [address, { address, hostname: null, asn, asName: null }] as const;
  const asnOf = asnLookup(
    new Map([known('10.1.2.3', 64496), known('192.0.2.1', 64496), known('192.0.2.2', 0)]),
  );
  expect(asnOf('10.1.2.3')).toBeNull();
  expect(asnOf('192.0.2.1')).toBe(64496);
  expect(asnOf('192.0.2.2')).toBeNull();
  expect(asnOf('192.0.2.3')).toBeNull();
});

test.each([
  ['10.0.0.1', true],
  ['172.15.0.1', false],
  ['172.16.0.1', true],
  ['172.31.255.255', true],
  ['172.32.0.1', false],
  ['192.168.1.1', true],
  ['192.169.1.1', false],
  ['100.63.0.1', false],
  ['100.64.0.1', true],
  ['100.99.0.1', true],
  ['100.127.0.1', true],
  ['100.128.0.1', false],
  ['169.254.0.1', true],
  ['127.0.0.1', true],
  ['101.0.0.1', false],
  ['192.0.2.1', false],
  ['fe80::1', true],
  ['febf::1', true],
  ['fec0::1', false],
  ['fd12:3456::1', true],
  ['fc00::1', true],
  ['::1', true],
  ['2001:db8::1', false],
  ['fd::1', false],
])('%s is private: %s', (address, expected) => {
  expect(isPrivateAddress(address)).toBe(expected);
});
