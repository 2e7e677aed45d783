import type { Observation } from '../observation.ts';
import {
  type Baseline,
  createBaseline,
  halfOf,
  learnObservation,
  presenceShare,
  sumOfSquares,
} from './baseline.ts';

/**
 * A baseline for the route of these traces, which leaves another one at a ttl: it knows what lies
 * before.
 */
export function branchOff(
  from: Baseline,
  id: number,
  traces: readonly Observation[],
  ttl: number,
): Baseline {
  const branch = createBaseline(id, traces[0]?.at ?? from.lastAt);
  branch.positions = structuredClone(from.positions.slice(0, ttl));
  const before = new Set(
    branch.positions.flatMap((position) => Object.keys(position?.devices ?? {})),
  );
  for (const trace of traces) learnObservation(branch, trace);
  for (const key of before) {
    const device = Number(key);
    const expected = halfOf(2 * presenceShare(from, device) * branch.traces);
    if (expected > (branch.seen[device] ?? 0)) branch.seen[device] = expected;
  }
  return branch;
}

/** Drops a device and all that is known of the ttls at which it answers. */
export function dropDevice(baseline: Baseline, device: number): void {
  for (const [ttl, position] of baseline.positions.entries())
    if (position?.devices[device] !== undefined) baseline.positions[ttl] = null;
  delete baseline.seen[device];
  delete baseline.ingressBits[device];
}

/** Merges two devices in everything the baseline knows. */
export function mergeInBaseline(baseline: Baseline, from: number, into: number): void {
  for (const position of baseline.positions) {
    if (!position) continue;
    if (position.last === from) position.last = into;
    if (position.devices[from] === undefined) continue;
    moveCount(position.devices, from, into);
    position.squares = sumOfSquares(position.devices);
  }
  if (baseline.seen[from] === undefined) return;
  const both = (baseline.seen[from] ?? 0) + (baseline.seen[into] ?? 0);
  moveCount(baseline.seen, from, into);
  baseline.seen[into] = Math.min(baseline.traces, both);
  delete baseline.ingressBits[from];
}

function moveCount(counts: Record<number, number>, from: number, into: number): void {
  const count = counts[from];
  if (count === undefined) return;
  counts[into] = (counts[into] ?? 0) + count;
  delete counts[from];
}
