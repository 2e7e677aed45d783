import type { Evidence } from '../../../model/change/change.ts';
import { median } from '../../../model/values/statistics.ts';
import { type DeviceTable, destinationDevice } from '../identity/devices.ts';
import type { Baseline, Position } from '../route/baseline.ts';
import { regularDevices, usualDevice } from '../route/baselineStatistics.ts';
import { buildEvidence } from '../route/evidence.ts';

/** Times of a hop that make up its old and its new level. */
const levelSamples = 3;
/** A hop whose times rose by this share of the step shows the rise. */
const shownShare = 0.5;
/** A device that answers this share of the traces is a regular part of the route. */
const regularShare = 0.8;

/**
 * Locates where the round-trip time rises: at the first hop that shows the rise, as do all regular
 * hops behind it, and the hop before it that does not. Empty when only the destination shows it,
 * which may have its own cause.
 */
export function riseEvidence(baseline: Baseline, table: DeviceTable, stepMs: number): Evidence {
  let first: number | null = null;
  let front: number | null = null;
  for (let ttl = baseline.positions.length - 1; ttl > 0; ttl--) {
    const device = usualDevice(baseline.positions[ttl]);
    const rise = riseAt(baseline.positions[ttl]);
    if (device === null || device === destinationDevice || rise === null) continue;
    if (rise >= shownShare * stepMs) first = device;
    else {
      front = device;
      break;
    }
  }
  if (first === null) return buildEvidence(table, [], []);
  const adjacent = front === null ? [first] : [front, first];
  return {
    ...buildEvidence(table, [first], []),
    adjacent: buildEvidence(table, adjacent, []).removed,
  };
}

/**
 * By how much the newest times of a position exceed the oldest ones, ms; null where there are too
 * few.
 */
function riseAt(position: Position | null | undefined): number | null {
  if (!position || position.rttsMs.length < 2 * levelSamples) return null;
  const values = position.rttsMs;
  const before = median(values.slice(0, levelSamples)) as number;
  return (median(values.slice(-levelSamples)) as number) - before;
}

/**
 * Every regular device of the route: each may be the cause of a loss or a lower MTU as long as its
 * place is unknown.
 */
export function wholeRouteEvidence(baseline: Baseline, table: DeviceTable): Evidence {
  const adjacent = buildEvidence(table, regularDevices(baseline, regularShare), []).removed;
  return { ...buildEvidence(table, [], []), adjacent };
}
