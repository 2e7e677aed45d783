import { lowerQuantile, sortAscending } from '../../../model/statistics.ts';
import { destinationDevice } from '../identity/devices.ts';
import { type Baseline, presenceShare } from './baseline.ts';

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

/** Newest times that show what a route takes at this time of day, and the fewest that do. */
const recentSamples = 24;
const minSamples = 3;
/** Share of these times that the usual range holds. */
const highShare = 0.9;
/** A time so far outside the usual range is still usual: a share of its ends, and ms. */
const lowTolerance = 0.02;
const highTolerance = 0.03;
const toleranceMs = 1;

/**
 * Whether a time to the destination is usual for this baseline; true where there is none to
 * compare.
 */
export function isUsualRtt(baseline: Baseline, rttMs: number | null): boolean {
  if (rttMs === null || baseline.reachedRtts.length < minSamples) return true;
  const known = sortAscending(baseline.reachedRtts.slice(-recentSamples).map(({ ms }) => ms));
  const lowMs = known[0] as number;
  const highMs = lowerQuantile(known, highShare);
  return (
    rttMs >= (1 - lowTolerance) * lowMs - toleranceMs &&
    rttMs <= (1 + highTolerance) * highMs + toleranceMs
  );
}
