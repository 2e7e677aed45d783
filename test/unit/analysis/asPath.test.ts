import { expect, test } from 'vitest';
import { asnLookup, asPathOf, hopAsn } from '../../../src/analysis/window/asPath.ts';

const path = (...asns: (number | null)[]): number[] =>
  asPathOf(asns.map((asn, i) => ({ ttl: i + 1, addresses: [], asn })));

test('an AS path merges neighbors and bridges unknown hops', () => {
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
