import type { Config } from '../config/load.ts';
import { createMask, type Mask } from '../mask/mask.ts';
import { ensureMaskKey } from '../mask/maskKey.ts';
import { createHiddenTest, hidesAnything } from '../mask/maskRules.ts';
import type { MeshPlan } from '../model/test/meshPlan.ts';
import { createKnownResponders, type KnownResponders } from '../model/trace/knownResponders.ts';
import type { Store } from '../store/store.ts';
import type { StoredTest } from '../store/traces/storedTest.ts';
import {
  aliasNames,
  findIdentifyingTexts,
  findLinkedAddresses,
  findNearAddresses,
} from './hiddenFacts.ts';

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
