import { identify } from '../analysis/detection/identity.ts';
import { linkOf } from '../analysis/detection/subnet.ts';
import type { Config } from '../config/load.ts';
import { canonicalAddress } from '../lib/ip.ts';
import { maskKey } from '../mask/key.ts';
import { createMask, type Mask } from '../mask/mask.ts';
import { hidesAnything } from '../mask/rules.ts';
import type { MeshPlan } from '../model/plan.ts';
import type { Endpoint } from '../model/test.ts';
import type { Store } from '../store/store.ts';

/**
 * What pages, data files, feeds and messages are made of, and all that they may see: with `[publish]` everything that
 * comes out of it is masked already.
 */
export interface PublicStore
  extends Pick<Store, 'tests' | 'traces' | 'failures' | 'responders' | 'history' | 'runs'> {
  /** Masks what comes from elsewhere; null when everything is shown as it is. */
  readonly mask: Mask | null;
}

/** What is made of ids that may hold what is hidden is keyed with this; null when everything is shown as it is. */
export function publicSecret({ publish, state }: Pick<Config, 'publish' | 'state'>): Buffer | null {
  return hidesAnything(publish) ? maskKey(state) : null;
}

/** The store as the configuration lets others see it. Throws an `ExpectedError` when the secret cannot be read or made. */
export function publicStore(store: Store, config: Config): PublicStore {
  const key = publicSecret(config);
  if (key === null) return { ...reading(store), mask: null };
  const { publish } = config;
  const mask = createMask({
    key,
    rules: publish,
    near: publish.hops > 0 ? nearOf(store, publish.hops) : new Set(),
    telling: (hidden) => tellingOf(store, hidden),
  });
  const idOf = new Map(store.tests().map(({ id }) => [mask.plain(id), id]));
  const real = (id: string) => idOf.get(id) ?? id;
  return {
    mask,
    tests: () => mask.plain(store.tests()),
    traces: (id, window) => store.traces(real(id), window).map(mask.trace),
    failures: (id, window) => mask.plain(store.failures(real(id), window)),
    responders: () => mask.responders(store.responders()),
    history(id, before, limit, twins = []) {
      const { periods, until } = store.history(real(id), before, limit, twins.map(real));
      return { periods: periods.map(mask.period), until };
    },
    runs: (limit) => mask.plain(store.runs(limit)),
  };
}

function reading(store: Store): Omit<PublicStore, 'mask'> {
  const { tests, traces, failures, responders, history, runs } = store;
  return { tests, traces, failures, responders, history, runs };
}

/** The hosts that measure are known by the pages themselves, so being near one another hides none of them. */
function nearOf(store: Store, hops: number): Set<string> {
  const near = store.nearAddresses(hops);
  for (const { source, destination } of store.tests()) {
    for (const { address } of [source, destination]) if (address !== null) near.delete(address);
  }
  return near;
}

/**
 * Names, routers and subnets of the hidden addresses, as pages and messages write them; of the tests that have to do with them the
 * keys, by which archives tell all, and the digests in their ids.
 */
function tellingOf(store: Store, hidden: (address: string) => boolean): Set<string> {
  const telling = new Set<string>();
  for (const responder of store.responders().values()) {
    const { address, hostname } = responder;
    if (!hidden(address)) continue;
    telling.add(linkOf(address));
    if (hostname !== null) telling.add(plainName(hostname));
    const { router } = identify(responder, address);
    if (router !== null) telling.add(router);
  }
  for (const { source, destination } of store.tests()) {
    for (const { address, name } of [source, destination]) {
      if (address === null || !hidden(address)) continue;
      if (canonicalAddress(name) === null) telling.add(plainName(name));
    }
  }
  const tells = ({ address, name }: Endpoint) =>
    (address !== null && hidden(address)) || telling.has(plainName(name));
  for (const { id, key, archive, source, destination } of store.tests()) {
    if (![source, destination, hostOf(archive)].some(tells)) continue;
    telling.add(key.toLowerCase());
    telling.add(id.slice(id.lastIndexOf('_') + 1));
  }
  return telling;
}

function hostOf(archive: string): Endpoint {
  const name = URL.parse(`http://${archive}`)?.hostname.replace(/^\[|\]$/g, '') ?? archive;
  return { address: canonicalAddress(name), name };
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** The administrator's plan under the mask: a host that is hidden loses its display name too. */
export function publicPlan(plan: MeshPlan | null, mask: Mask | null): MeshPlan | null {
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
