import type { RouteChangeReason } from '../../../model/change/routeChange.ts';
import { type DeviceTable, destinationDevice } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import { type Baseline, presenceShare } from './baseline.ts';
import { type DeviatingRun, isInRuns } from './windowEvidence.ts';

/** The devices by which two routes differ; all lists hold device ids. */
export interface DeviceDifference {
  /** Devices of the old route in whose place another one answers now. */
  readonly removed: readonly number[];
  /** Devices of the old route that do not answer now, for whatever reason. */
  readonly missing: readonly number[];
  readonly added: readonly number[];
}

/** The input of a comparison of two routes. */
export interface ComparisonContext extends DeviceDifference {
  readonly old: Baseline;
  readonly traces: readonly Observation[];
  readonly runs: readonly DeviatingRun[];
  readonly table: DeviceTable;
}

/** How two routes differ. */
export interface RouteDifference extends DeviceDifference {
  readonly level: 'inter_as' | 'intra_as' | 'same_site';
  readonly reason: RouteChangeReason;
  /** Evidence that the old route is over, nats. */
  readonly evidence: number;
  /** The new route clearly takes longer. */
  readonly isSlower: boolean;
}

/** A new device answers in this share of the new traces, and in at most that of the old ones. */
const addedShare = 0.6;
const unusualShare = 0.3;
/** A device that left answered in this share of the old traces, and in at most that of the new. */
const involvedShare = 0.3;
const leftShare = 0.2;
/** Where several new devices take turns, each answers in this share of the new traces. */
const turningShare = 0.3;
const newShare = 0.15;
/** A device is usual at a ttl where it gives this share of the answers. */
const usualShare = 0.2;

/** Compares an old baseline with the traces that left it. */
export function compareDevices(
  old: Baseline,
  traces: readonly Observation[],
  runs: readonly DeviatingRun[],
): DeviceDifference {
  const counts = countDevices(traces);
  const shareNow = (device: number) => (counts.get(device) ?? 0) / traces.length;
  const missing = Object.keys(old.seen)
    .map(Number)
    .filter(
      (device) =>
        device !== destinationDevice &&
        presenceShare(old, device) >= involvedShare &&
        shareNow(device) <= leftShare,
    );
  const takesTurns = turnsNewDevices(old, traces, runs);
  const added = [...counts.keys()].filter(
    (device) =>
      (shareNow(device) >= addedShare && presenceShare(old, device) <= unusualShare) ||
      (takesTurns && shareNow(device) >= turningShare && presenceShare(old, device) <= newShare),
  );
  const removed = missing.filter((device) => isReplaced(device, old, traces));
  return { removed, missing, added };
}

/** In how many traces each device answers, the destination left out. */
function countDevices(traces: readonly Observation[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { devices } of traces)
    for (const device of new Set(devices))
      if (device !== destinationDevice) counts.set(device, (counts.get(device) ?? 0) + 1);
  return counts;
}

function turnsNewDevices(
  old: Baseline,
  traces: readonly Observation[],
  runs: readonly DeviatingRun[],
): boolean {
  const withNew = traces.filter(({ devices, ttls }) =>
    devices.some(
      (device, index) =>
        device !== destinationDevice &&
        presenceShare(old, device) <= newShare &&
        isInRuns(ttls[index] as number, runs),
    ),
  );
  return withNew.length >= addedShare * traces.length;
}

/** Whether another device answers at a usual ttl of this one: silence removes none. */
function isReplaced(device: number, old: Baseline, traces: readonly Observation[]): boolean {
  return old.positions.some(
    (position, ttl) =>
      position !== null &&
      (position.devices[device] ?? 0) >= usualShare * position.answered &&
      traces.some(({ ttls }) => ttls.includes(ttl)),
  );
}
