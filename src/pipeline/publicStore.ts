import { identifyDevice } from '../analysis/detection/identity/deviceIdentity.ts';
import type { Config } from '../config/load.ts';
import { canonicalAddress } from '../lib/ip.ts';
import { createMask, type Mask } from '../mask/mask.ts';
import { ensureMaskKey } from '../mask/maskKey.ts';
import { hidesAnything } from '../mask/maskRules.ts';
import { linkSubnet } from '../model/addressPrefix.ts';
import { createKnownResponders, type KnownResponders } from '../model/knownResponders.ts';
import type { MeshPlan } from '../model/meshPlan.ts';
import type { Endpoint, Test } from '../model/test.ts';
import type { Responder } from '../model/trace.ts';
import type { Store } from '../store/store.ts';

/**
 * Read access for everything that is published: pages, data files, feeds and messages. With
 * `[publish]` in the configuration, all results are masked.
 */
export interface PublicStore
  extends Pick<
    Store,
    'tests' | 'traces' | 'failures' | 'missingIntervals' | 'responders' | 'routeHistory' | 'runs'
  > {
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
  const mask = createMask({
    key,
    rules: publish,
    nearAddresses: publish.hops > 0 ? findNearAddresses(store, publish.hops) : new Set(),
    identifyingWords: (isHidden) => findIdentifyingTexts(store, isHidden),
  });
  const idOf = new Map(store.tests().map(({ id }) => [mask.plain(id), id]));
  const realId = (id: string) => idOf.get(id) ?? id;
  return {
    mask,
    tests: () => mask.plain(store.tests()),
    traces: (id, window) => store.traces(realId(id), window).map(mask.trace),
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
  return { tests, traces, failures, missingIntervals, responders, routeHistory, runs };
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

/**
 * The texts that identify hidden addresses on pages and in messages: names, routers and subnets,
 * and for tests with a hidden end or archive the key, which archives publish, and the digest of the
 * id.
 */
function findIdentifyingTexts(store: Store, isHidden: (address: string) => boolean): Set<string> {
  const hiddenResponders = store.responders().stated.filter(({ address }) => isHidden(address));
  const tests = store.tests();
  const namedEnds = tests
    .flatMap(({ source, destination }) => [source, destination])
    .filter(({ address, name }) => {
      return address !== null && isHidden(address) && canonicalAddress(name) === null;
    });
  const identifying = new Set([
    ...hiddenResponders.flatMap(responderTexts),
    ...namedEnds.map(({ name }) => normalizeName(name)),
  ]);
  const isIdentifying = ({ address, name }: Endpoint) =>
    (address !== null && isHidden(address)) || identifying.has(normalizeName(name));
  const hiddenTests = tests.filter(({ archive, source, destination }) =>
    [source, destination, archiveHost(archive)].some(isIdentifying),
  );
  return identifying.union(new Set(hiddenTests.flatMap(testTexts)));
}

function responderTexts(responder: Responder): string[] {
  const { address, hostname } = responder;
  const { router } = identifyDevice(responder, address);
  return [
    linkSubnet(address),
    ...(hostname === null ? [] : [normalizeName(hostname)]),
    ...(router === null ? [] : [router]),
  ];
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
