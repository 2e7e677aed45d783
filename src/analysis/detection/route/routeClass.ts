import { type DeviceTable, destinationDevice } from '../identity/devices.ts';
import { isSamePlace, placesOf } from '../identity/places.ts';
import type { Observation } from '../observation.ts';
import { areAliases, entersByNewLink } from './alias.ts';
import { changesAs } from './asChange.ts';
import { type Baseline, irregularShare, presenceShare } from './baseline.ts';
import { regularDevices, usualTtl } from './baselineStatistics.ts';
import { type ComparisonContext, compareDevices, type RouteDifference } from './routeDifference.ts';
import { type TimeShift, timeShift } from './timeShift.ts';
import { isInRuns, type WindowEvidence } from './windowEvidence.ts';

type Level = Pick<RouteDifference, 'level' | 'reason'>;

/**
 * Classifies the difference between a baseline and the traces that speak against it; null when they
 * show the same routers at other addresses.
 */
export function classifyDifference(
  old: Baseline,
  traces: readonly Observation[],
  { nats, runs }: WindowEvidence,
  table: DeviceTable,
): RouteDifference | null {
  const devices = compareDevices(old, traces, runs);
  const context = { old, traces, runs, table, ...devices };
  const shift = timeShift(context);
  const endMoved = hasEndMoved(context);
  if (!shift.isClear && areAliases(context, endMoved)) return null;
  const level = levelOf({ ...context, shift, endMoved });
  return level === null ? null : { ...level, ...devices, evidence: nats, isSlower: shift.isSlower };
}

interface Comparison extends ComparisonContext {
  readonly shift: TimeShift;
  readonly endMoved: boolean;
}

function levelOf(comparison: Comparison): Level | null {
  if (changesAs(comparison)) return { level: 'inter_as', reason: 'as' };
  if (changesPlace(comparison)) return { level: 'intra_as', reason: 'place' };
  if (changesTime(comparison)) return { level: 'intra_as', reason: 'time' };
  if (changesLength(comparison)) return { level: 'intra_as', reason: 'hops' };
  if (replacesRouters(comparison)) {
    return { level: 'intra_as', reason: replacesMost(comparison) ? 'most_routers' : 'routers' };
  }
  return isWithinSite(comparison) ? { level: 'same_site', reason: 'site' } : null;
}

/** A place that left without another one coming must have been on this share of the traces. */
const certainShare = 0.6;

function changesPlace(comparison: Comparison): boolean {
  const { old, traces, runs, table, added, removed, shift, endMoved } = comparison;
  const placesAdded = placesOf(added, table);
  const placesRemoved = placesOf(removed, table);
  if (placesAdded.length === 0 && placesRemoved.length === 0) return false;
  const before = placesOf(regularDevices(old, irregularShare), table);
  const now = placesOf(
    traces.flatMap(({ devices }) => devices),
    table,
  );
  const came = placesAdded.filter((place) => !before.some((one) => isSamePlace(one, place)));
  const left = placesRemoved.filter((place) => !now.some((one) => isSamePlace(one, place)));
  if (came.length > 0) {
    if (left.length > 0) return true;
    const wereNamed = removed.length === 0 || placesRemoved.length > 0;
    return wereNamed || shift.isClear || endMoved || came.length > 1;
  }
  if (left.length === 0) return false;
  const hasNamedArrival = traces.some(({ devices, ttls }) =>
    devices.some(
      (device, index) =>
        isInRuns(ttls[index] as number, runs) &&
        (table.list[device]?.place ?? null) !== null &&
        presenceShare(old, device) <= 0.3,
    ),
  );
  const wasCertain = removed.some(
    (device) => table.list[device]?.place !== null && presenceShare(old, device) >= certainShare,
  );
  return hasNamedArrival || ((endMoved || shift.isClear) && wasCertain);
}

function changesTime({ shift, endMoved, runs, removed }: Comparison): boolean {
  if (shift.isVisible && removed.length >= minReplaced) return true;
  return shift.isClear && (shift.isLarge || endMoved || runs.some(({ from, to }) => to > from));
}

/** The end of a route has moved when this share of the new ends was rarer than that before. */
const movedShare = 0.8;
const rareEndShare = 0.12;
/** A device of this share of the old traces marks how far a route goes. */
const sharedShare = 0.3;

/**
 * Whether the route ends at another ttl: that of the destination or, where it is silent, of the
 * deepest device that both routes share.
 */
function hasEndMoved(context: ComparisonContext): boolean {
  const { old, traces } = context;
  const ends = traces.flatMap((trace) => endOf(trace, old));
  const moved = ends.filter(({ device, ttl }) => shareAt(old, device, ttl) < rareEndShare);
  return ends.length > 0 && moved.length >= movedShare * ends.length;
}

interface RouteEnd {
  readonly device: number;
  readonly ttl: number;
}

function endOf({ devices, ttls, destinationTtl }: Observation, old: Baseline): RouteEnd[] {
  if (destinationTtl !== null && old.seen[destinationDevice] !== undefined)
    return [{ device: destinationDevice, ttl: destinationTtl }];
  const index = devices.findLastIndex((device) => presenceShare(old, device) >= sharedShare);
  return index < 0 ? [] : [{ device: devices[index] as number, ttl: ttls[index] as number }];
}

/** Share of a device's answers that came from this ttl. */
function shareAt({ positions }: Baseline, device: number, ttl: number): number {
  let total = 0;
  for (const position of positions) total += position?.devices[device] ?? 0;
  return total === 0 ? 0 : (positions[ttl]?.devices[device] ?? 0) / total;
}

function changesLength({ old, traces, endMoved, added, removed }: Comparison): boolean {
  if (!endMoved) return false;
  if (removed.length === 0)
    return added.filter((device) => old.seen[device] === undefined).length >= minReplaced;
  return added.length > 0 || traces.every((trace) => isShorter(trace, old));
}

function isShorter(trace: Observation, old: Baseline): boolean {
  return endOf(trace, old).every(({ device, ttl }) => ttl < usualTtl(old, device));
}

/** A change of routers replaces so many in a row. */
const minReplaced = 2;

function replacesRouters(comparison: Comparison): boolean {
  const { runs, added, removed } = comparison;
  if (added.length === 0 || removed.length === 0) return false;
  const longest = Math.max(...runs.map(({ from, to }) => to - from + 1));
  return longest >= minReplaced || entersByNewLink(comparison);
}

/** A change of most routers replaces this many, and this share of those of the old route. */
const minMostReplaced = 3;
const mostShare = 0.5;
/** A device of this share of the traces is one of a route's routers. */
const routerShare = 0.3;

/**
 * Whether most routers are others, and the traffic comes back to where it went before: a different
 * way, even if no name shows a place. What never comes back may be one place that answers at other
 * addresses.
 */
function replacesMost({ old, traces, runs, removed }: Comparison): boolean {
  const routers = regularDevices(old, routerShare).length;
  if (removed.length < Math.max(minMostReplaced, mostShare * routers)) return false;
  const lastTtl = runs.at(-1)?.to ?? 0;
  return traces.some((trace) => endOf(trace, old).some(({ ttl }) => ttl > lastTtl));
}

function isWithinSite({ added, removed, table }: Comparison): boolean {
  const before = placesOf(removed, table);
  return added.some((device) =>
    placesOf([device], table).some((place) => before.some((one) => isSamePlace(one, place))),
  );
}
