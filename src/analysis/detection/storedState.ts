import type { DetectionState } from './detectionState.ts';
import type { Device, DeviceTable } from './identity/devices.ts';
import { restorePerformance, serializePerformance } from './performance/storedPerformance.ts';
import { type Baseline, type Position, sumOfSquares } from './route/baseline.ts';
import type { WindowTrace } from './route/windowEvidence.ts';
import { microseconds, milliseconds, restoreTimes, serializeTimes } from './storedRtts.ts';
import type {
  StoredBaseline,
  StoredDevice,
  StoredPosition,
  StoredState,
  StoredTrace,
} from './storedShape.ts';
import { upgradeState } from './upgradeState.ts';

/** Returns a state as plain JSON, which has to be written before the state is used again. */
export function serializeState({ devices, route, performance, ...rest }: DetectionState): unknown {
  const stored: StoredState = {
    version: 5,
    ...rest,
    devices: devices.list.map((device) => (device === null ? null : serializeDevice(device))),
    routers: [...devices.byRouter].filter(([router, id]) => devices.list[id]?.router !== router),
    repeats: [...devices.repeats],
    placeholders: [...devices.placeholders],
    route: {
      ...route,
      baselines: route.baselines.map(serializeBaseline),
      window: route.window.map(serializeTrace),
    },
    performance: serializePerformance(performance),
  };
  return stored;
}

/**
 * Restores a state and uses up the stored one. Understands versions 2 to 5; null for anything
 * else, including a missing state.
 */
export function restoreState(stored: unknown): DetectionState | null {
  const current = upgradeState(stored);
  if (current === null) return null;
  const {
    version: _,
    devices,
    routers,
    repeats,
    placeholders,
    route,
    performance,
    ...rest
  } = current;
  return {
    ...rest,
    devices: {
      ...restoreDevices(devices, routers),
      repeats: new Map(repeats),
      placeholders: new Set(placeholders),
    },
    route: {
      ...route,
      baselines: route.baselines.map(restoreBaseline),
      window: route.window.map(restoreTrace),
    },
    performance: restorePerformance(performance),
  };
}

function serializeDevice({ addresses, router, place, asn, local }: Device): StoredDevice {
  return [addresses, router, place, asn, local ? 1 : 0];
}

function restoreDevices(
  devices: StoredState['devices'],
  routers: StoredState['routers'],
): Omit<DeviceTable, 'repeats' | 'placeholders'> {
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

function serializeBaseline({ positions, reachedRttsMs, ...rest }: Baseline): StoredBaseline {
  return {
    ...rest,
    positions: positions.map((position) => position && serializePosition(position)),
    reachedRttsUs: serializeTimes(reachedRttsMs),
  };
}

function restoreBaseline({ positions, reachedRttsUs, ...rest }: StoredBaseline): Baseline {
  return {
    ...rest,
    positions: positions.map((position) => position && restorePosition(position)),
    reachedRttsMs: restoreTimes(reachedRttsUs),
  };
}

function serializePosition(position: Position): StoredPosition {
  const { asked, answered, novel, devices, last, turns, repeats, rttsMs } = position;
  const turned = [last, turns, repeats] as const;
  return [asked, answered, novel, devices, turned, serializeTimes(rttsMs)];
}

function restorePosition([
  asked,
  answered,
  novel,
  devices,
  [last, turns, repeats],
  rttsUs,
]: StoredPosition): Position {
  const rttsMs = restoreTimes(rttsUs);
  const squares = sumOfSquares(devices);
  return { asked, answered, novel, devices, squares, last, turns, repeats, rttsMs };
}

function serializeTrace({ observation, deviating }: WindowTrace): StoredTrace {
  const { ttls, devices, ingressIndexes, rttsMs, ...rest } = observation;
  const answers = ttls.flatMap((ttl, index) => {
    const rttMs = rttsMs[index] ?? null;
    return [
      ttl,
      devices[index] as number,
      ingressIndexes[index] as number,
      rttMs === null ? null : microseconds(rttMs),
    ];
  });
  return [rest, answers, deviating];
}

function restoreTrace([rest, answers, deviating]: StoredTrace): WindowTrace {
  const every = (offset: number) => answers.filter((_, index) => index % 4 === offset);
  const observation = {
    ...rest,
    ttls: every(0) as number[],
    devices: every(1) as number[],
    ingressIndexes: every(2) as number[],
    rttsMs: every(3).map((rttUs) => (rttUs === null ? null : milliseconds(rttUs))),
  };
  return { observation, deviating };
}
