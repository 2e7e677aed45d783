import { identifyDevice, siteOf } from '../analysis/detection/identity/deviceIdentity.ts';
import { canonicalAddress } from '../lib/ip.ts';
import type { Endpoint, Test } from '../model/test/test.ts';
import { linkSubnet } from '../model/trace/addressPrefix.ts';
import type { Store } from '../store/store.ts';
import type { StoredTest } from '../store/traces/storedTest.ts';

/** Addresses within `hops` of a source, except the ends of tests, which the pages name anyway. */
export function findNearAddresses(store: Store, hops: number): Set<string> {
  const addresses = store.addressesWithinHops(hops);
  for (const { source, destination } of store.tests()) {
    for (const { address } of [source, destination])
      if (address !== null) addresses.delete(address);
  }
  return addresses;
}

/** The names of each address that it ever had. */
export type AliasNames = ReadonlyMap<string, ReadonlySet<string>>;

/** All names of all addresses, also earlier ones. */
export function aliasNames(store: Store): AliasNames {
  const names = store.aliases();
  const add = (address: string | null, name: string | null) => {
    if (address === null || name === null) return;
    names.set(address, (names.get(address) ?? new Set()).add(name));
  };
  for (const { address, hostname } of store.responders().stated) add(address, hostname);
  for (const { source, destination } of store.tests())
    for (const { address, name } of [source, destination]) add(address, name);
  return names;
}

/**
 * The near addresses, those that a rule hides, and all others of the same hosts and routers: they
 * have a name in common, now or earlier, or are the same end of one test.
 */
export function findLinkedAddresses(
  aliases: AliasNames,
  tests: readonly StoredTest[],
  isHiddenByRule: (address: string) => boolean,
  nearAddresses: Set<string>,
): Set<string> {
  const links = createLinks();
  for (const [address, names] of aliases)
    for (const name of hostNames(names)) links.add(address, name);
  for (const { id, sameAs, archive, key, ...ends } of tests) {
    for (const end of ['source', 'destination'] as const) {
      const { address } = ends[end];
      if (address === null) continue;
      links.add(address, `${end} ${archive} ${key}`);
      links.add(address, `${end} ${sameAs ?? id}`);
    }
  }
  const hidden = new Set(links.addresses().filter(isHiddenByRule));
  // The set grows during the loop, which then reaches what was added.
  for (const address of hidden) for (const other of links.linkedTo(address)) hidden.add(other);
  return hidden.union(nearAddresses);
}

/** Which addresses have which facts in common. */
function createLinks() {
  const factsOf = new Map<string, string[]>();
  const addressesWith = new Map<string, string[]>();
  const append = (lists: Map<string, string[]>, key: string, value: string) => {
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [value]);
    else list.push(value);
  };
  return {
    add(address: string, fact: string): void {
      append(factsOf, address, fact);
      append(addressesWith, fact, address);
    },
    addresses: () => [...factsOf.keys()],
    linkedTo: (address: string) =>
      (factsOf.get(address) ?? []).flatMap((fact) => addressesWith.get(fact) ?? []),
  };
}

/** The names that denote one host: full ones, no addresses. */
function hostNames(names: ReadonlySet<string>): string[] {
  return [...names].map(normalizeName).filter((name) => name.includes('.') && isHostName(name));
}

function isHostName(name: string): boolean {
  return canonicalAddress(name) === null;
}

/**
 * The texts that identify hidden addresses on pages and in messages: all names that they ever had,
 * their routers and subnets, and for tests with a hidden end or archive the key, which archives
 * publish, and the digest of the id.
 */
export function findIdentifyingTexts(
  store: Store,
  aliases: AliasNames,
  isHidden: (address: string) => boolean,
): Set<string> {
  const addresses = store.responders().stated.map(({ address }) => address);
  const hidden = [...new Set([...aliases.keys(), ...addresses])].filter(isHidden);
  const identifying = new Set(
    hidden.flatMap((address) => [
      linkSubnet(address),
      ...[...(aliases.get(address) ?? [])].flatMap((name) => nameTexts(name, address)),
    ]),
  );
  const isIdentifying = ({ address, name }: Endpoint) =>
    (address !== null && isHidden(address)) || identifying.has(normalizeName(name));
  const hiddenTests = store
    .tests()
    .filter(({ archive, source, destination }) =>
      [source, destination, archiveHost(archive)].some(isIdentifying),
    );
  return identifying.union(new Set(hiddenTests.flatMap(testTexts)));
}

/** The texts that identify an address by one of its names. */
function nameTexts(name: string, address: string): string[] {
  const hostname = normalizeName(name);
  if (!isHostName(hostname)) return [];
  const device = identifyDevice({ address, hostname, asn: null, asName: null }, address);
  const [label = ''] = hostname.split('.');
  return [
    hostname,
    ...(isDistinctive(label) ? [label] : []),
    ...[device.router, siteOf(device)].filter((text) => text !== null),
  ];
}

/** Whether the first label of a name identifies a host by itself: `gw-7`, but not `router`. */
function isDistinctive(label: string): boolean {
  return label.length >= minLabelLength && /[\d-]/.test(label) && !/^[\d-]+$/.test(label);
}

const minLabelLength = 4;

function testTexts({ id, key }: Test): string[] {
  return [key.toLowerCase(), id.slice(id.lastIndexOf('_') + 1)];
}

function archiveHost(archive: string): Endpoint {
  const name = URL.parse(`http://${archive}`)?.hostname.replace(/^\[|\]$/g, '') ?? archive;
  return { address: canonicalAddress(name), name };
}

function normalizeName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
