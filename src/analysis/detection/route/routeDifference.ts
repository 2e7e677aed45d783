import type { RouteChangeReason } from '../../../model/routeChange.ts';
import { median } from '../../../model/statistics.ts';
import { siteOf } from '../identity/deviceIdentity.ts';
import { type Device, type DeviceTable, destinationDevice } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import { smallestRelevantShift } from '../relevantShift.ts';
import { type Baseline, isIrregular, presenceShare } from './baseline.ts';
import { usualEndTtl } from './baselineStatistics.ts';

/** How two routes differ; all lists hold device ids. */
export interface RouteDifference {
  readonly level: 'inter_as' | 'intra_as' | 'same_site';
  readonly reason: RouteChangeReason;
  /** Evidence that the old route is over, nats. */
  readonly evidence: number;
  /** Regular devices of the old route that none of the deviating traces shows, beyond chance. */
  readonly removed: readonly number[];
  /**
   * Devices of a good share of the old traces that none of the deviating ones shows; may be chance.
   */
  readonly missing: readonly number[];
  /** Devices of the deviating traces that are no regular part of the old route. */
  readonly added: readonly number[];
}

/**
 * A regular device has left when it would have been seen with this certainty in the deviating
 * traces.
 */
const certainty = 0.95;
/** A missing device of at least this share of the old traces may be part of the change. */
const involvedShare = 0.3;
/** A change within one site takes away at most so many devices. */
const maxSiteDevices = 2;
/** A change within one site leaves the length of the route as it was, give or take a hop. */
const maxLengthDifference = 1;
/** Newest times of the old route that make its level. */
const levelSamples = 12;

/** Compares an old baseline with the traces that left it. */
export function findRouteDifference(
  old: Baseline,
  observations: readonly Observation[],
  table: DeviceTable,
  evidence: number,
): RouteDifference {
  const present = new Set(observations.flatMap((observation) => observation.devices));
  present.delete(destinationDevice);
  const missing = missingDevices(old, present);
  const removed = missing.filter(
    (device) =>
      (1 - Math.min(1, presenceShare(old, device))) ** observations.length < 1 - certainty,
  );
  const added = [...present].filter((device) => isIrregular(old, device));
  const level = levelOf(old, removed, added, present, table);
  const leavesSite = level === 'same_site' && !isSimilarRoute(old, removed, observations);
  const isSite = level === 'same_site' && !leavesSite;
  const reason = level === 'inter_as' ? 'as' : isSite ? 'site' : 'routers';
  return { level: leavesSite ? 'intra_as' : level, reason, evidence, removed, missing, added };
}

/**
 * Whether the route is as long and as slow as before and lost no more than one device's worth of
 * hops: the traffic did not go another way round.
 */
function isSimilarRoute(
  old: Baseline,
  removed: readonly number[],
  observations: readonly Observation[],
): boolean {
  if (removed.length > maxSiteDevices) return false;
  const usual = usualEndTtl(old);
  const end = median(observations.flatMap(({ destinationTtl }) => destinationTtl ?? []));
  if (usual !== null && end !== null && Math.abs(end - usual) > maxLengthDifference) return false;
  const before = median(old.reachedRtts.slice(-levelSamples).map(({ ms }) => ms));
  const after = median(observations.flatMap(({ rttMs }) => rttMs ?? []));
  return (
    before === null || after === null || Math.abs(after - before) <= smallestRelevantShift(before)
  );
}

function missingDevices(old: Baseline, present: ReadonlySet<number>): number[] {
  const missing: number[] = [];
  for (const key in old.seen) {
    const device = Number(key);
    if (device === destinationDevice || present.has(device)) continue;
    if (presenceShare(old, device) >= involvedShare) missing.push(device);
  }
  return missing;
}

function levelOf(
  old: Baseline,
  removed: readonly number[],
  added: readonly number[],
  present: ReadonlySet<number>,
  table: DeviceTable,
): RouteDifference['level'] {
  const before = Object.keys(old.seen)
    .map(Number)
    .filter((device) => !isIrregular(old, device));
  const asBefore = valuesOf(before, asnOf, table);
  const asAfter = valuesOf(present, asnOf, table);
  if ([...valuesOf(added, asnOf, table)].some((asn) => !asBefore.has(asn))) return 'inter_as';
  if ([...valuesOf(removed, asnOf, table)].some((asn) => !asAfter.has(asn))) return 'inter_as';
  if (added.length > 0) {
    const sites = valuesOf(before, siteOf, table);
    return added.every((device) => hasSite(device, sites, table)) ? 'same_site' : 'intra_as';
  }
  const sites = valuesOf(present, siteOf, table);
  return removed.length > 0 && removed.every((device) => hasSite(device, sites, table))
    ? 'same_site'
    : 'intra_as';
}

function hasSite(device: number, sites: ReadonlySet<string | number>, table: DeviceTable): boolean {
  const known = table.list[device];
  const site = known ? siteOf(known) : null;
  return site !== null && sites.has(site);
}

function asnOf({ asn }: Device): number | null {
  return asn;
}

function valuesOf(
  devices: Iterable<number>,
  read: (device: Device) => string | number | null,
  table: DeviceTable,
): Set<string | number> {
  const values = new Set<string | number>();
  for (const device of devices) {
    const known = table.list[device];
    const value = known ? read(known) : null;
    if (value !== null) values.add(value);
  }
  return values;
}
