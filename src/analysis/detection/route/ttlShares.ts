import type { DeviceShare, TtlShares } from '../../../model/change/routeChange.ts';
import { type DeviceTable, destinationDevice } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import type { Baseline } from './baseline.ts';

/** A device with a smaller share is not shown, nor is one beyond this number. */
const leastShare = 0.05;
const maxDevices = 4;
/** Ttls of one change that are shown. */
const maxTtls = 12;

type Counts = Readonly<Record<number, number>>;

/**
 * The shares of the devices under a baseline and in the traces that deviate from it, at the ttls of
 * the devices that left or came.
 */
export function ttlShares(
  from: Baseline,
  observations: readonly Observation[],
  changed: readonly number[],
  table: DeviceTable,
): TtlShares[] {
  const isChanged = new Set(changed);
  const differs = (counts: Counts) => Object.keys(counts).some((key) => isChanged.has(Number(key)));
  const last = Math.max(from.positions.length - 1, ...observations.map(({ lastTtl }) => lastTtl));
  const found: TtlShares[] = [];
  for (let ttl = 1; ttl <= last && found.length < maxTtls; ttl++) {
    const before = from.positions[ttl]?.devices ?? {};
    const after = answersAt(ttl, observations);
    if (differs(before) || differs(after))
      found.push({ ttl, before: sharesOf(before, table), after: sharesOf(after, table) });
  }
  return found;
}

/** Answers at a ttl by device. */
function answersAt(ttl: number, observations: readonly Observation[]): Counts {
  const counts: Record<number, number> = {};
  for (const { ttls, devices } of observations) {
    for (const [index, device] of devices.entries())
      if (ttls[index] === ttl) counts[device] = (counts[device] ?? 0) + 1;
  }
  return counts;
}

function sharesOf(counts: Counts, table: DeviceTable): DeviceShare[] {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return Object.entries(counts)
    .map(([key, count]) => ({
      name: shownName(Number(key), table),
      share: Math.round((100 * count) / total) / 100,
    }))
    .filter(({ share }) => share >= leastShare)
    .sort((a, b) => b.share - a.share)
    .slice(0, maxDevices);
}

function shownName(device: number, table: DeviceTable): string | null {
  if (device === destinationDevice) return null;
  const known = table.list[device];
  return known?.router ?? known?.addresses[0] ?? null;
}
