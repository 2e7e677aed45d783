import type { DetectionState, RouteState } from './detectionState.ts';
import type { Device, DeviceTable } from './identity/devices.ts';
import type { Baseline, Position } from './route/baseline.ts';

/**
 * A state between two runs, as plain JSON. All states of a mesh are read and written in every run, so what there is much of
 * comes without names, and what follows from the rest is left out. Starts of traces have a resolution of 1 ms and round-trip times
 * one of 1 µs, as in the store: whole numbers are read and written faster than fractions.
 */
interface StoredState extends Omit<DetectionState, 'devices' | 'route'> {
  readonly version: 3;
  /** By node id. */
  readonly devices: readonly (StoredDevice | null)[];
  /** Router names of nodes that go by another name now. */
  readonly routers: readonly (readonly [router: string, node: number])[];
  readonly route: Omit<RouteState, 'baselines'> & { readonly baselines: readonly StoredBaseline[] };
}

type StoredDevice = readonly [
  addresses: string[],
  router: string | null,
  place: string | null,
  asn: number | null,
  local: 0 | 1,
];

type StoredPosition = readonly [
  answered: number,
  once: number,
  nodes: Record<number, number>,
  rttsUs: number[],
  cursor: number,
];

type StoredBaseline = Omit<Baseline, 'positions' | 'reachedRtts'> & {
  readonly positions: readonly (StoredPosition | null)[];
  readonly reachedRtts: StoredRtts;
};

/** Starts in ms, each since the one before it, and round-trip times in µs. */
type StoredRtts = readonly [sinceMs: readonly number[], rttsUs: readonly number[]];

/** What to keep of a state: plain JSON, to be written before the state is used again. */
export function serializeState({ devices, route, ...rest }: DetectionState): unknown {
  const stored: StoredState = {
    version: 3,
    ...rest,
    devices: devices.list.map((device) => (device === null ? null : serializeDevice(device))),
    routers: [...devices.byRouter].filter(([router, id]) => devices.list[id]?.router !== router),
    route: { ...route, baselines: route.baselines.map(serializeBaseline) },
  };
  return stored;
}

/** The state that was kept, which is used up; null for none, and for one of a version that is not understood. */
export function restoreState(stored: unknown): DetectionState | null {
  const version = (stored as { readonly version?: unknown } | null)?.version;
  if (version === 2) return restoreVersion2(stored as StoredStateVersion2);
  if (version !== 3) return null;
  const { version: _, devices, routers, route, ...rest } = stored as StoredState;
  return {
    ...rest,
    devices: restoreDevices(devices, routers),
    route: { ...route, baselines: route.baselines.map(restoreBaseline) },
  };
}

function serializeDevice({ addresses, router, place, asn, local }: Device): StoredDevice {
  return [addresses, router, place, asn, local ? 1 : 0];
}

function restoreDevices(
  devices: StoredState['devices'],
  routers: StoredState['routers'],
): DeviceTable {
  const byAddress = new Map<string, number>();
  const byRouter = new Map(routers);
  const list = devices.map((stored, id): Device | null => {
    if (stored === null) return null;
    const [addresses, router, place, asn, local] = stored;
    for (const address of addresses) byAddress.set(address, id);
    if (router !== null) byRouter.set(router, id);
    return { addresses, router, place, asn, local: local === 1 };
  });
  return { list, byAddress, byRouter };
}

function serializeBaseline(baseline: Baseline): StoredBaseline {
  return {
    ...baseline,
    positions: baseline.positions.map((position) => position && serializePosition(position)),
    reachedRtts: serializeRtts(baseline.reachedRtts),
  };
}

function restoreBaseline(stored: StoredBaseline): Baseline {
  return {
    ...stored,
    positions: stored.positions.map((position) => position && restorePosition(position)),
    reachedRtts: restoreRtts(stored.reachedRtts),
  };
}

function serializePosition({
  answered,
  singletons,
  devices,
  rttsMs,
  cursor,
}: Position): StoredPosition {
  return [answered, singletons, devices, rttsMs.map(microseconds), cursor];
}

function restorePosition([
  answered,
  singletons,
  devices,
  rttsUs,
  cursor,
]: StoredPosition): Position {
  return { answered, singletons, devices, rttsMs: rttsUs.map((rttUs) => rttUs / 1000), cursor };
}

function microseconds(ms: number): number {
  return Math.round(ms * 1000);
}

function serializeRtts(samples: Baseline['reachedRtts']): StoredRtts {
  let before = 0;
  const sinceMs = samples.map(({ at }) => {
    const since = Math.round(at * 1000) - before;
    before += since;
    return since;
  });
  return [sinceMs, samples.map(({ ms }) => microseconds(ms))];
}

function restoreRtts([sinceMs, rttsUs]: StoredRtts): Baseline['reachedRtts'] {
  let atMs = 0;
  return sinceMs.map((since, index) => {
    atMs += since;
    return { at: atMs / 1000, ms: (rttsUs[index] as number) / 1000 };
  });
}

/** As states were kept at first: all of it, and the nodes by names behind an `@`. */
type StoredStateVersion2 = Omit<DetectionState, 'devices'> & {
  readonly version: 2;
  readonly nodes: {
    readonly list: (Device | null)[];
    readonly byAddress: Readonly<Record<string, number>>;
    readonly byRouter: Readonly<Record<string, number>>;
  };
};

function restoreVersion2({
  version: _,
  nodes: devices,
  ...rest
}: StoredStateVersion2): DetectionState {
  const { list, byAddress, byRouter } = devices;
  const routers = Object.entries(byRouter).map(([key, id]) => [key.slice(1), id] as const);
  return {
    ...rest,
    devices: { list, byAddress: new Map(Object.entries(byAddress)), byRouter: new Map(routers) },
  };
}
