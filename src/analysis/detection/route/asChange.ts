import { type DeviceTable, destinationDevice } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import type { Baseline } from './baseline.ts';
import { usualDevice, usualTtl } from './baselineStatistics.ts';
import { isMute } from './likelihood.ts';
import type { ComparisonContext } from './routeDifference.ts';

/** An AS is part of a route in this share of its traces, and no part of it in at most that. */
const partOfRoute = 0.6;
const newToRoute = 0.15;
const leftShare = 0.2;

/** Whether an AS came or left with a change of route. */
export function changesAs(context: ComparisonContext): boolean {
  const { old, traces, table, added, removed } = context;
  const asnOf = (device: number) => table.list[device]?.asn ?? null;
  return (
    added.some((device) => {
      const asn = asnOf(device);
      return (
        asn !== null &&
        presenceOfAs(old, asn, table) <= newToRoute &&
        shareWithAs(traces, asn, table) >= partOfRoute &&
        isInKnownPlace(device, asn, context) &&
        replacesKnownAs(device, context)
      );
    }) ||
    removed.some((device) => {
      const asn = asnOf(device);
      return (
        asn !== null &&
        presenceOfAs(old, asn, table) >= partOfRoute &&
        shareWithAs(traces, asn, table) <= leftShare &&
        isReplacedByKnownAs(device, context)
      );
    })
  );
}

/**
 * Whether a device came where the usual one has a known AS, or where none answered. The address of
 * an exchange, of unknown AS, may have been that of any network.
 */
function replacesKnownAs(device: number, { old, traces, table }: ComparisonContext): boolean {
  return traces.some(({ devices, ttls }) => {
    const index = devices.indexOf(device);
    if (index < 0) return false;
    const usual = usualDevice(old.positions[ttls[index] as number]);
    return usual === null || (table.list[usual]?.asn ?? null) !== null;
  });
}

/** Whether the destination or a device of a known AS answers at the usual ttl of one that left. */
function isReplacedByKnownAs(device: number, { old, traces, table }: ComparisonContext): boolean {
  const ttl = usualTtl(old, device);
  return traces.some(({ devices, ttls }) => {
    const now = devices[ttls.indexOf(ttl)];
    return now !== undefined && (now === destinationDevice || table.list[now]?.asn != null);
  });
}

/**
 * Whether the ttl of a new AS answered before, or another AS answers behind it: else a hop woke up
 * at the end of the route.
 */
function isInKnownPlace(
  device: number,
  asn: number,
  { old, traces, table }: ComparisonContext,
): boolean {
  return traces.some(({ devices, ttls }) => {
    const index = devices.indexOf(device);
    if (index < 0) return false;
    if (!isMute(old.positions[ttls[index] as number])) return true;
    return devices
      .slice(index + 1)
      .some((other) => other === destinationDevice || (table.list[other]?.asn ?? asn) !== asn);
  });
}

/** Share of a baseline's traces that pass an AS: that of its most frequent ttl. */
function presenceOfAs({ positions }: Baseline, asn: number, table: DeviceTable): number {
  let most = 0;
  for (const position of positions) {
    if (!position || position.asked === 0) continue;
    let count = 0;
    for (const key in position.devices)
      if (table.list[Number(key)]?.asn === asn) count += position.devices[key] as number;
    most = Math.max(most, count / position.asked);
  }
  return most;
}

function shareWithAs(traces: readonly Observation[], asn: number, table: DeviceTable): number {
  const passing = traces.filter(({ devices }) =>
    devices.some((device) => table.list[device]?.asn === asn),
  );
  return passing.length / traces.length;
}
