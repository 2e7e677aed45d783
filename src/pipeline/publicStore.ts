import { identifyDevice } from '../analysis/detection/identity/deviceIdentity.ts';
import { linkSubnet } from '../analysis/detection/identity/subnet.ts';
import type { Config } from '../config/load.ts';
import { canonicalAddress } from '../lib/ip.ts';
import { createMask, type Mask } from '../mask/mask.ts';
import { ensureMaskKey } from '../mask/maskKey.ts';
import { hidesAnything } from '../mask/maskRules.ts';
import type { MeshPlan } from '../model/meshPlan.ts';
import type { Endpoint } from '../model/test.ts';
import type { Store } from '../store/store.ts';

/**
 * What pages, data files, feeds and messages are made of, and all that they may see: with `[publish]` everything that
 * comes out of it is masked already.
 */
export interface PublicStore
  extends Pick<Store, 'tests' | 'traces' | 'failures' | 'responders' | 'routeHistory' | 'runs'> {
  /** Masks what comes from elsewhere; null when everything is shown as it is. */
  readonly mask: Mask | null;
}

/** What is made of ids that may hold what is hidden is keyed with this; null when everything is shown as it is. */
export function publicSecret({ publish, state }: Pick<Config, 'publish' | 'state'>): Buffer | null {
  return hidesAnything(publish) ? ensureMaskKey(state) : null;
}

/** The store as the configuration lets others see it. Throws an `ExpectedError` when the secret cannot be read or made. */
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
    responders: () => mask.responders(store.responders()),
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
  const { tests, traces, failures, responders, routeHistory, runs } = store;
  return { tests, traces, failures, responders, routeHistory, runs };
}

/** The hosts that measure are known by the pages themselves, so being near one another hides none of them. */
function findNearAddresses(store: Store, hops: number): Set<string> {
  const addresses = store.addressesWithinHops(hops);
  for (const { source, destination } of store.tests()) {
    for (const { address } of [source, destination])
      if (address !== null) addresses.delete(address);
  }
  return addresses;
}

/**
 * Names, routers and subnets of the hidden addresses, as pages and messages write them; of the tests that have to do with them the
 * keys, by which archives tell all, and the digests in their ids.
 */
function findIdentifyingTexts(store: Store, isHidden: (address: string) => boolean): Set<string> {
  const identifying = new Set<string>();
  for (const responder of store.responders().values()) {
    const { address, hostname } = responder;
    if (!isHidden(address)) continue;
    identifying.add(linkSubnet(address));
    if (hostname !== null) identifying.add(normalizeName(hostname));
    const { router } = identifyDevice(responder, address);
    if (router !== null) identifying.add(router);
  }
  for (const { source, destination } of store.tests()) {
    for (const { address, name } of [source, destination]) {
      if (address === null || !isHidden(address)) continue;
      if (canonicalAddress(name) === null) identifying.add(normalizeName(name));
    }
  }
  const isIdentifying = ({ address, name }: Endpoint) =>
    (address !== null && isHidden(address)) || identifying.has(normalizeName(name));
  for (const { id, key, archive, source, destination } of store.tests()) {
    if (![source, destination, archiveHost(archive)].some(isIdentifying)) continue;
    identifying.add(key.toLowerCase());
    identifying.add(id.slice(id.lastIndexOf('_') + 1));
  }
  return identifying;
}

function archiveHost(archive: string): Endpoint {
  const name = URL.parse(`http://${archive}`)?.hostname.replace(/^\[|\]$/g, '') ?? archive;
  return { address: canonicalAddress(name), name };
}

function normalizeName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** The administrator's plan under the mask: a host that is hidden loses its display name too. */
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
