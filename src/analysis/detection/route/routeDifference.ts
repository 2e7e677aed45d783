import { median } from '../../../model/statistics.ts';
import { siteOf } from '../identity/deviceIdentity.ts';
import { type Device, type DeviceTable, destinationDevice } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import { smallestRelevantShift } from '../relevantShift.ts';
import { type Baseline, isIrregular, presenceShare } from './baseline.ts';
import { usualEndTtl } from './baselineStatistics.ts';

/** What tells two regimes apart. Node ids. */
export interface RouteDifference {
  readonly level: 'inter_as' | 'intra_as' | 'same_site';
  /** Regular devices of the old regime that none of the deviating traces shows. */
  readonly removed: readonly number[];
  /** The same without the certainty: devices of a good share of the old traces that are not seen. */
  readonly missing: readonly number[];
  /** Devices of the deviating traces that are no regular part of the old regime. */
  readonly added: readonly number[];
}

/** A regular device is gone when it would have been seen with this certainty in the deviating traces. */
const certainty = 0.95;
/** Share of the old traces from which on a device that is not seen may be a part of what happened. */
const involvedShare = 0.3;
/** A change within one site takes away no more devices than these. */
const maxSiteDevices = 2;
/** Newest times of the old route that make its level. */
const levelSamples = 12;

/** Compares an old regime with the traces that left it. */
export function findRouteDifference(
  old: Baseline,
  observations: readonly Observation[],
  table: DeviceTable,
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
  return { level: leavesSite ? 'intra_as' : level, removed, missing, added };
}

/** As long and as slow as before, and no more than one device's worth of hops is gone: nobody went another way round. */
function isSimilarRoute(
  old: Baseline,
  removed: readonly number[],
  observations: readonly Observation[],
): boolean {
  if (removed.length > maxSiteDevices) return false;
  const usual = usualEndTtl(old);
  const end = median(observations.flatMap(({ destinationTtl }) => destinationTtl ?? []));
  if (usual !== null && end !== null && Math.abs(end - usual) > 1) return false;
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
