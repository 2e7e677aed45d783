import type { Node, NodeTable } from './nodes.ts';
import type { Position, Regime } from './regime.ts';
import type { RouteState, TestState } from './state.ts';

/**
 * A state between two runs, as plain JSON. All states of a mesh are read and written in every run, so what there is much of
 * comes without names, and what follows from the rest is left out. Starts of traces have a resolution of 1 ms and round-trip times
 * one of 1 µs, as in the store: whole numbers are read and written faster than fractions.
 */
interface KeptState extends Omit<TestState, 'nodes' | 'route'> {
  readonly version: 3;
  /** By node id. */
  readonly nodes: readonly (KeptNode | null)[];
  /** Router names of nodes that go by another name now. */
  readonly routers: readonly (readonly [router: string, node: number])[];
  readonly route: Omit<RouteState, 'regimes'> & { readonly regimes: readonly KeptRegime[] };
}

type KeptNode = readonly [
  addresses: string[],
  router: string | null,
  place: string | null,
  asn: number | null,
  local: 0 | 1,
];

type KeptPosition = readonly [
  answered: number,
  once: number,
  nodes: Record<number, number>,
  rttsUs: number[],
  cursor: number,
];

type KeptRegime = Omit<Regime, 'positions' | 'reachedRtts'> & {
  readonly positions: readonly (KeptPosition | null)[];
  readonly reachedRtts: KeptRtts;
};

/** Starts in ms, each since the one before it, and round-trip times in µs. */
type KeptRtts = readonly [sinceMs: readonly number[], rttsUs: readonly number[]];

/** What to keep of a state: plain JSON, to be written before the state is used again. */
export function keepState({ nodes, route, ...rest }: TestState): unknown {
  const kept: KeptState = {
    version: 3,
    ...rest,
    nodes: nodes.list.map((node) => (node === null ? null : keepNode(node))),
    routers: [...nodes.byRouter].filter(([router, id]) => nodes.list[id]?.router !== router),
    route: { ...route, regimes: route.regimes.map(keepRegime) },
  };
  return kept;
}

/** The state that was kept, which is used up; null for none, and for one of a version that is not understood. */
export function recallState(kept: unknown): TestState | null {
  const version = (kept as { readonly version?: unknown } | null)?.version;
  if (version === 2) return recallNamed(kept as NamedState);
  if (version !== 3) return null;
  const { version: _, nodes, routers, route, ...rest } = kept as KeptState;
  return {
    ...rest,
    nodes: recallNodes(nodes, routers),
    route: { ...route, regimes: route.regimes.map(recallRegime) },
  };
}

function keepNode({ addresses, router, place, asn, local }: Node): KeptNode {
  return [addresses, router, place, asn, local ? 1 : 0];
}

function recallNodes(nodes: KeptState['nodes'], routers: KeptState['routers']): NodeTable {
  const byAddress = new Map<string, number>();
  const byRouter = new Map(routers);
  const list = nodes.map((kept, id): Node | null => {
    if (kept === null) return null;
    const [addresses, router, place, asn, local] = kept;
    for (const address of addresses) byAddress.set(address, id);
    if (router !== null) byRouter.set(router, id);
    return { addresses, router, place, asn, local: local === 1 };
  });
  return { list, byAddress, byRouter };
}

function keepRegime(regime: Regime): KeptRegime {
  return {
    ...regime,
    positions: regime.positions.map((position) => position && keepPosition(position)),
    reachedRtts: keepRtts(regime.reachedRtts),
  };
}

function recallRegime(kept: KeptRegime): Regime {
  return {
    ...kept,
    positions: kept.positions.map((position) => position && recallPosition(position)),
    reachedRtts: recallRtts(kept.reachedRtts),
  };
}

function keepPosition({ answered, once, nodes, rttsMs, cursor }: Position): KeptPosition {
  return [answered, once, nodes, rttsMs.map(microseconds), cursor];
}

function recallPosition([answered, once, nodes, rttsUs, cursor]: KeptPosition): Position {
  return { answered, once, nodes, rttsMs: rttsUs.map((us) => us / 1000), cursor };
}

function microseconds(ms: number): number {
  return Math.round(ms * 1000);
}

function keepRtts(samples: Regime['reachedRtts']): KeptRtts {
  let before = 0;
  const sinceMs = samples.map(({ at }) => {
    const since = Math.round(at * 1000) - before;
    before += since;
    return since;
  });
  return [sinceMs, samples.map(({ ms }) => microseconds(ms))];
}

function recallRtts([sinceMs, rttsUs]: KeptRtts): Regime['reachedRtts'] {
  let atMs = 0;
  return sinceMs.map((since, index) => {
    atMs += since;
    return { at: atMs / 1000, ms: (rttsUs[index] as number) / 1000 };
  });
}

/** As states were kept at first: all of it, and the nodes by names behind an `@`. */
type NamedState = Omit<TestState, 'nodes'> & {
  readonly version: 2;
  readonly nodes: {
    readonly list: (Node | null)[];
    readonly byAddress: Readonly<Record<string, number>>;
    readonly byRouter: Readonly<Record<string, number>>;
  };
};

function recallNamed({ version: _, nodes, ...rest }: NamedState): TestState {
  const { list, byAddress, byRouter } = nodes;
  const routers = Object.entries(byRouter).map(([key, id]) => [key.slice(1), id] as const);
  return {
    ...rest,
    nodes: { list, byAddress: new Map(Object.entries(byAddress)), byRouter: new Map(routers) },
  };
}
