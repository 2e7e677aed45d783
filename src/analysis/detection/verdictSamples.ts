import { type DeviceTable, destinationDevice } from './identity/devices.ts';
import type { Observation } from './observation.ts';
import { type Baseline, isIrregular, type Position, presenceShare } from './route/baseline.ts';
import { usualDevice } from './route/baselineStatistics.ts';

/** Newest samples of the old route that a verdict uses. */
const beforeSamples = 12;
/** Samples that make up a level. */
export const minLevelSamples = 3;
/** A device that answers a smaller share of the old traces marks no place on the route. */
const placeShare = 0.3;

/** Two samples of times to the same place, ms. */
export interface VerdictSamples {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly measuredTo: string | null;
}

/**
 * Comparable times of an old route and of the traces that took the new one; null when there are
 * none.
 */
export function comparableTimes(
  from: Baseline,
  observations: readonly Observation[],
  table: DeviceTable,
): VerdictSamples | null {
  return (
    toDestination(from, observations) ??
    toShared(from, observations, table) ??
    toEnds(from, observations, table)
  );
}

function toDestination(
  from: Baseline,
  observations: readonly Observation[],
): VerdictSamples | null {
  const before = from.reachedRttsMs.slice(-beforeSamples);
  const after = observations.flatMap((observation) => observation.rttMs ?? []);
  return before.length > 0 && after.length > 0 ? { before, after, measuredTo: null } : null;
}

/**
 * Times to the deepest device behind the change that both routes pass, where the destination is
 * silent.
 */
function toShared(
  from: Baseline,
  observations: readonly Observation[],
  table: DeviceTable,
): VerdictSamples | null {
  const device = deepestShared(from, observations);
  if (device === null) return null;
  const position = usualPosition(from, device);
  if (position === null || position.rttsMs.length < minLevelSamples) return null;
  const after = observations.flatMap((observation) => timesTo(observation, device));
  if (after.length === 0) return null;
  return {
    before: position.rttsMs,
    after,
    measuredTo: table.list[device]?.addresses[0] ?? null,
  };
}

/** The device at the highest ttl behind the change that the old route passes too. */
function deepestShared(from: Baseline, observations: readonly Observation[]): number | null {
  const begin = changedFrom(from, observations);
  let deepest: number | null = null;
  let deepestTtl = 0;
  for (const { devices, ttls } of observations) {
    for (const [index, device] of devices.entries()) {
      const ttl = ttls[index] as number;
      if (device === destinationDevice || ttl < begin || ttl <= deepestTtl) continue;
      if (presenceShare(from, device) < placeShare) continue;
      deepest = device;
      deepestTtl = ttl;
    }
  }
  return deepest;
}

/** The first ttl at which the new route differs from the old one. */
function changedFrom(from: Baseline, observations: readonly Observation[]): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { devices, ttls } of observations) {
    for (const [index, device] of devices.entries()) {
      const ttl = ttls[index] as number;
      if (device !== destinationDevice && isNewAt(from, ttl, device)) first = Math.min(first, ttl);
    }
  }
  return first;
}

function isNewAt(from: Baseline, ttl: number, device: number): boolean {
  return isIrregular(from, device) || from.positions[ttl]?.devices[device] === undefined;
}

function usualPosition(baseline: Baseline, device: number): Position | null {
  let best: Position | null = null;
  for (const position of baseline.positions) {
    if (position && (position.devices[device] ?? 0) > (best?.devices[device] ?? 0)) best = position;
  }
  return best;
}

function timesTo(observation: Observation, device: number): number[] {
  const times = observation.devices.flatMap((other, index) =>
    other === device ? (observation.rttsMs[index] ?? []) : [],
  );
  return times.length > 0 ? [Math.min(...times)] : [];
}

/** Times to the last devices, where the routes share nothing behind the change but the last AS. */
function toEnds(
  from: Baseline,
  observations: readonly Observation[],
  table: DeviceTable,
): VerdictSamples | null {
  const asnOf = (device: number | null | undefined) => table.list[device ?? -1]?.asn ?? null;
  const asn = asnOf(usualDevice(usualEnd(from)));
  const within = observations.filter(
    ({ devices }) => asn !== null && asnOf(devices.at(-1)) === asn,
  );
  return timesToLastAnswers(from, within, table);
}

/** Times to the last devices that answer: they are about as far as a silent destination. */
export function timesToLastAnswers(
  from: Baseline,
  observations: readonly Observation[],
  table: DeviceTable,
): VerdictSamples | null {
  const end = usualEnd(from);
  const after = observations.flatMap(({ rttsMs }) => rttsMs.at(-1) ?? []);
  if (!end || end.rttsMs.length < minLevelSamples || after.length === 0) return null;
  const last = table.list[observations[0]?.devices.at(-1) ?? -1];
  return {
    before: end.rttsMs,
    after,
    measuredTo: last?.addresses[0] ?? null,
  };
}

/** The last position of a route that answers often enough to mark a place. */
function usualEnd({ positions }: Baseline): Position | null | undefined {
  return positions.findLast(
    (position) => position !== null && position.answered >= placeShare * position.asked,
  );
}
