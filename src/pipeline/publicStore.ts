import { identifyDevice, siteOf } from '../analysis/detection/identity/deviceIdentity.ts';
import type { Config } from '../config/load.ts';
import { canonicalAddress } from '../lib/ip.ts';
import { createMask, type Mask } from '../mask/mask.ts';
import { ensureMaskKey } from '../mask/maskKey.ts';
import { createHiddenTest, hidesAnything } from '../mask/maskRules.ts';
import type { MeshPlan } from '../model/test/meshPlan.ts';
import type { Endpoint, Test } from '../model/test/test.ts';
import { linkSubnet } from '../model/trace/addressPrefix.ts';
import { createKnownResponders, type KnownResponders } from '../model/trace/knownResponders.ts';
import type { Store } from '../store/store.ts';
import type { StoredTest } from '../store/traces/tests.ts';

/**
 * Read access for everything that is published: pages, data files, feeds and messages. With
 * `[publish]` in the configuration, all results are masked.
 */
export interface PublicStore
  extends Pick<
    Store,
    'tests' | 'traces' | 'failures' | 'missingIntervals' | 'responders' | 'routeHistory' | 'runs'
  > {
  /** Daily figures of other tests between the ends of a test, given by the ids of its keys. */
  readonly metricsOf: Store['metrics']['ofTest'];
  /** Masks data from other sources; null when nothing is hidden. */
  readonly mask: Mask | null;
}

/**
 * The key for codes derived from ids that may contain hidden facts; null when nothing is hidden.
 * Throws an `ExpectedError` when the key cannot be read or created.
 */
export function publicSecret({ publish, state }: Pick<Config, 'publish' | 'state'>): Buffer | null {
  return hidesAnything(publish) ? ensureMaskKey(state) : null;
}

/**
 * The store, masked as the configuration asks. Throws an `ExpectedError` when the key of the mask
 * cannot be read or created.
 */
export function publicStore(store: Store, config: Config): PublicStore {
  const key = publicSecret(config);
  if (key === null) return { ...selectReaders(store), mask: null };
  const { publish } = config;
  const aliases = aliasNames(store);
  const mask = createMask({
    key,
    rules: publish,
    nearAddresses: findLinkedAddresses(
      aliases,
      store.tests(),
      createHiddenTest(publish, new Set()),
      publish.hops > 0 ? findNearAddresses(store, publish.hops) : new Set(),
    ),
    identifyingWords: (isHidden) => findIdentifyingTexts(store, aliases, isHidden),
  });
  const idOf = new Map(store.tests().map(({ id }) => [mask.plain(id), id]));
  const realId = (id: string) => idOf.get(id) ?? id;
  return {
    mask,
    tests: () => store.tests().map((test) => maskTest(test, mask)),
    traces: (id, window) => store.traces(realId(id), window).map(mask.trace),
    metricsOf: (ids, from) =>
      store.metrics.ofTest(ids.map(realId), from).map((one) => maskMetrics(one, mask)),
    failures: (id, window) => mask.plain(store.failures(realId(id), window)),
    missingIntervals: (id, ...request) => store.missingIntervals(realId(id), ...request),
    responders: () => maskResponders(store.responders(), mask),
    routeHistory(id, before, limit, duplicates = []) {
      const { periods, until } = store.routeHistory(
        realId(id),
        before,
        limit,
        duplicates.map(realId),
      );
      return { periods: periods.map(mask.period), until };
    },
    runs: (limit) => mask.plain(store.runs(limit)),
  };
}

function selectReaders(store: Store): Omit<PublicStore, 'mask'> {
  const { tests, traces, failures, missingIntervals, responders, routeHistory, runs } = store;
  return {
    tests,
    traces,
    failures,
    missingIntervals,
    responders,
    routeHistory,
    runs,
    metricsOf: store.metrics.ofTest,
  };
}

/** Addresses within `hops` of a source, except the ends of tests, which the pages name anyway. */
function findNearAddresses(store: Store, hops: number): Set<string> {
  const addresses = store.addressesWithinHops(hops);
  for (const { source, destination } of store.tests()) {
    for (const { address } of [source, destination])
      if (address !== null) addresses.delete(address);
  }
  return addresses;
}

/** The names of each address that it ever had. */
type AliasNames = ReadonlyMap<string, ReadonlySet<string>>;

function aliasNames(store: Store): AliasNames {
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
function findLinkedAddresses(
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
function findIdentifyingTexts(
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

/** Masks a test. The name of its task may name a hidden end in any words. */
function maskTest(test: StoredTest, mask: Mask): StoredTest {
  const masked = mask.plain(test);
  return masked.id === test.id ? masked : { ...masked, taskName: null };
}

type Metrics = ReturnType<PublicStore['metricsOf']>[number];

/** The name of a task may name a hidden end in any words. */
function maskMetrics(series: Metrics, mask: Mask): Metrics {
  const masked = mask.plain(series);
  const isHidden =
    masked.source !== series.source ||
    masked.destination !== series.destination ||
    masked.archive !== series.archive;
  return isHidden ? { ...masked, taskName: null } : masked;
}

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

/** Masks addresses, their names and the origins of the names. */
export function maskResponders({ stated }: KnownResponders, mask: Mask): KnownResponders {
  return createKnownResponders(
    stated.map(({ origin, ...responder }) => ({
      ...mask.responder(responder),
      origin: origin === null ? null : mask.plain(origin),
    })),
  );
}

/** Masks a psConfig plan. A hidden host also loses its display name. */
export function maskPlan(plan: MeshPlan | null, mask: Mask | null): MeshPlan | null {
  if (plan === null || mask === null) return plan;
  const { hosts, tests } = plan;
  return {
    hosts: hosts.map((host) => {
      const masked = mask.plain(host);
      const isHidden = masked.address !== host.address;
      return isHidden ? { ...masked, displayName: masked.address } : masked;
    }),
    tests: mask.plain(tests),
  };
}
