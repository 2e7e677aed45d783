import type { ChangedDevice, RouteChange } from '../../../model/change/routeChange.ts';
import { siteOf } from '../identity/deviceIdentity.ts';
import { type DeviceTable, destinationDevice } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import type { Baseline } from './baseline.ts';
import { usualTtl } from './baselineStatistics.ts';
import { deviceName } from './evidence.ts';
import type { RouteDifference } from './routeDifference.ts';
import { ttlShares } from './ttlShares.ts';

/** Describes the difference of two routes in terms that other tests and readers understand. */
export function describeRouteChange(
  difference: RouteDifference,
  from: Baseline,
  observations: readonly Observation[],
  table: DeviceTable,
): RouteChange {
  const { level, reason, evidence, removed, added } = difference;
  return {
    level,
    reason,
    removed: removed.map((device) => describe(device, usualTtl(from, device), table)),
    added: added.map((device) => describe(device, observedTtl(observations, device), table)),
    shares: ttlShares(from, observations, [...removed, ...added], table),
    evidenceNats: Math.round(10 * evidence) / 10,
    traces: observations.length,
    firstAsn: firstPublicAsn(from, table),
  };
}

function describe(device: number, ttl: number, table: DeviceTable): ChangedDevice {
  const known = table.list[device];
  const place = known ? siteOf(known) : null;
  return { name: deviceName(table, device), asn: known?.asn ?? null, place, ttl };
}

function observedTtl(observations: readonly Observation[], device: number): number {
  for (const { devices, ttls } of observations) {
    const index = devices.indexOf(device);
    if (index >= 0) return ttls[index] as number;
  }
  return 0;
}

function firstPublicAsn({ positions }: Baseline, table: DeviceTable): number | null {
  for (const position of positions) {
    for (const key in position?.devices) {
      const device = Number(key);
      const known = table.list[device];
      if (device !== destinationDevice && known && !known.local && known.asn !== null)
        return known.asn;
    }
  }
  return null;
}
