import type { DetectionState, RouteState } from './detectionState.ts';
import type { Device, DeviceTable } from './identity/devices.ts';
import { renameStateFields } from './renameStateFields.ts';
import type { Baseline, Position } from './route/baseline.ts';

/**
 * A state between two runs, as plain JSON. Every run reads and writes the states of all tests, so
 * numerous parts have no field names, and what follows from other parts is omitted. Starts of
 * traces have a resolution of 1 ms and round-trip times one of 1 µs, as in the store: whole numbers
 * are faster to read and write than fractions.
 */
interface StoredState extends Omit<DetectionState, 'devices' | 'route'> {
  readonly version: 4;
  /** By device id. */
  readonly devices: readonly (StoredDevice | null)[];
  /** Former router names of devices that have another name now. */
  readonly routers: readonly (readonly [router: string, device: number])[];
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
  singletons: number,
  devices: Record<number, number>,
  rttsUs: number[],
  cursor: number,
];

type StoredBaseline = Omit<Baseline, 'positions' | 'reachedRtts'> & {
  readonly positions: readonly (StoredPosition | null)[];
  readonly reachedRtts: StoredRtts;
};

/** Starts in ms, each relative to the previous one, and round-trip times in µs. */
type StoredRtts = readonly [sinceMs: readonly number[], rttsUs: readonly number[]];

/** Returns a state as plain JSON, which has to be written before the state is used again. */
export function serializeState({ devices, route, ...rest }: DetectionState): unknown {
  const stored: StoredState = {
    version: 4,
    ...rest,
    devices: devices.list.map((device) => (device === null ? null : serializeDevice(device))),
    routers: [...devices.byRouter].filter(([router, id]) => devices.list[id]?.router !== router),
    route: { ...route, baselines: route.baselines.map(serializeBaseline) },
  };
  return stored;
}

/**
 * Restores a state and uses up the stored one. Understands versions 2 to 4; null for anything
 * else, including a missing state.
 */
export function restoreState(stored: unknown): DetectionState | null {
  const version = (stored as { readonly version?: unknown } | null)?.version;
  if (version === 2) return restoreVersion2(renameStateFields(stored) as StateVersion2);
  if (version === 3) return restoreCurrent(renameStateFields(stored) as StoredState);
  if (version === 4) return restoreCurrent(stored as StoredState);
  return null;
}

function restoreCurrent({
  version: _,
  devices,
  routers,
  route,
  ...rest
}: StoredState): DetectionState {
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

/** Version 2: complete, with the devices by address and, behind an `@`, by router name. */
interface StateVersion2 extends Omit<DetectionState, 'devices'> {
  readonly version: 2;
  readonly devices: {
    readonly list: (Device | null)[];
    readonly byAddress: Readonly<Record<string, number>>;
    readonly byRouter: Readonly<Record<string, number>>;
  };
}

function restoreVersion2({ version: _, devices, ...rest }: StateVersion2): DetectionState {
  const { list, byAddress, byRouter } = devices;
  const routers = Object.entries(byRouter).map(([key, id]) => [key.slice(1), id] as const);
  return {
    ...rest,
    devices: { list, byAddress: new Map(Object.entries(byAddress)), byRouter: new Map(routers) },
  };
}
