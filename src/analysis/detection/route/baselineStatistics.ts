import { destinationDevice } from '../identity/devices.ts';
import { type Baseline, type Position, presenceShare } from './baseline.ts';

/** The ttl at which the baseline's destination answers most often; null where it never did. */
export function usualEndTtl(baseline: Baseline): number | null {
  let best: number | null = null;
  for (const key in baseline.endTtls) {
    const ttl = Number(key);
    if (best === null || (baseline.endTtls[ttl] ?? 0) > (baseline.endTtls[best] ?? 0)) best = ttl;
  }
  return best;
}

/**
 * Ids of the devices that answer in at least `share` of a baseline's traces, the destination left
 * out.
 */
export function regularDevices(baseline: Baseline, share: number): number[] {
  const regular: number[] = [];
  for (const key in baseline.seen) {
    const device = Number(key);
    if (device !== destinationDevice && presenceShare(baseline, device) >= share)
      regular.push(device);
  }
  return regular;
}

/** The most frequent device of a position, the destination left out; null where there is none. */
export function usualDevice(position: Position | null | undefined): number | null {
  let best: number | null = null;
  let maxCount = 0;
  for (const key in position?.devices ?? {}) {
    const count = position?.devices[Number(key)] ?? 0;
    if (count > maxCount && Number(key) !== destinationDevice) {
      maxCount = count;
      best = Number(key);
    }
  }
  return best;
}

/** A ttl that answers this share of the traces is part of the visible route. */
const visibleShare = 0.5;

/** The last ttl at which the baseline usually shows an answer; 0 for none. */
export function usualLastTtl({ positions }: Baseline): number {
  return Math.max(
    0,
    positions.findLastIndex(
      (position) =>
        position !== null &&
        position.answered >= visibleShare * position.asked &&
        position.answered > 0,
    ),
  );
}

/** The ttl at which a device answers most often under a baseline; 0 when it never did. */
export function usualTtl({ positions }: Baseline, device: number): number {
  let best = 0;
  for (let ttl = 1; ttl < positions.length; ttl++) {
    const here = positions[ttl]?.devices[device] ?? 0;
    if (here > (positions[best]?.devices[device] ?? 0)) best = ttl;
  }
  return best;
}
