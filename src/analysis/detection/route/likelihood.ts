import { type DeviceTable, destinationDevice } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import type { Baseline, Position } from './baseline.ts';
import { usualDevice } from './baselineStatistics.ts';

/** Chance of whatever a baseline does not foresee: a route that lasts for a trace. */
const surpriseChance = 0.03;
/**
 * Draws, and how many of them were new, that stand for missing knowledge: about an AS, and about
 * one ttl of it.
 */
const priorAsDraws = 10;
const priorAsNovelty = 0.3;
const priorTtlDraws = 2;
/** A known device has at least this share of its draws, however many are new. */
const maxNoveltyShare = 0.5;
/** Draws that stand for a device that a baseline has not seen at a ttl, and for one that it has. */
const pseudoDraws = 0.5;
/** A ttl that answers a smaller share of the traces is mute: an answer there means little. */
const muteShare = 0.15;
/** A ttl deviates when its devices have this small a part of the share that devices have there. */
const deviatingPart = 0.2;

/** Whether a ttl hardly ever answers. */
export function isMute(position: Position | null | undefined): boolean {
  return !position || position.answered < muteShare * position.asked || position.answered === 0;
}

/**
 * The ttls at which a trace shows devices that are rare or unknown under a baseline there,
 * ascending. Silence never deviates, nor does a known router that reports an error: it replies in
 * the place of what it does not reach.
 */
export function deviatingTtls(observation: Observation, baseline: Baseline): readonly number[] {
  const { ttls, devices } = observation;
  let found: number[] | null = null;
  for (let i = 0; i < devices.length; ) {
    const ttl = ttls[i] as number;
    const position = baseline.positions[ttl];
    let share = 0;
    let draws = 0;
    for (; ttls[i] === ttl; i++) {
      share += position?.devices[devices[i] as number] ?? 0;
      draws++;
    }
    const deviates = isMute(position)
      ? isTellingAtMuteTtl(i - 1, found !== null, observation, baseline)
      : isRareDraw(share / draws, position as Position);
    if (!deviates || isKnownReporter(i - 1, observation, baseline)) continue;
    // Most traces have none: an array for each of them would cost time.
    found ??= [];
    found.push(ttl);
  }
  return found ?? noTtls;
}

/** Log of the chance that the answers of a trace come from a baseline's devices, nats. */
export function logChance({ ttls, devices }: Observation, { positions }: Baseline): number {
  let nats = 0;
  for (const [index, device] of devices.entries()) {
    const position = positions[ttls[index] as number];
    const count = position?.devices[device] ?? 0;
    nats += Math.log((count + pseudoDraws) / ((position?.answered ?? 0) + 2 * pseudoDraws));
  }
  return nats;
}

const noTtls: readonly number[] = [];

/** Whether an answer is the error at the end of a trace, from a device that the baseline knows. */
function isKnownReporter(
  index: number,
  { devices, error, reached }: Observation,
  { seen }: Baseline,
): boolean {
  const isLast = index === devices.length - 1;
  return isLast && error !== null && !reached && seen[devices[index] as number] !== undefined;
}

/** Whether a draw is rare beside the devices that are drawn there on average. */
function isRareDraw(count: number, { answered, squares }: Position): boolean {
  return count * answered < deviatingPart * squares;
}

/** Least move of the times behind a hop out of their range, and the hops that have to show it. */
const movedTime = { ms: 1, share: 0.01 };
const minMovedHops = 2;

/**
 * Whether an answer at a mute ttl means another route: that of the destination behind another
 * deviation, and that of an unknown device when all times behind it have moved one way.
 */
function isTellingAtMuteTtl(
  index: number,
  deviatesBefore: boolean,
  observation: Observation,
  baseline: Baseline,
): boolean {
  const device = observation.devices[index] as number;
  if (device === destinationDevice) return deviatesBefore;
  return baseline.seen[device] === undefined && haveTimesMoved(index, observation, baseline);
}

function haveTimesMoved(
  index: number,
  { ttls, devices, rttsMs }: Observation,
  { positions }: Baseline,
): boolean {
  const moves: number[] = [];
  for (let i = index + 1; i < devices.length; i++) {
    const position = positions[ttls[i] as number];
    const rttMs = rttsMs[i] ?? null;
    if (!position?.devices[devices[i] as number] || rttMs === null) continue;
    moves.push(moveOf(rttMs, position.rttsMs));
  }
  return moves.length >= minMovedHops && moves[0] !== 0 && moves.every((move) => move === moves[0]);
}

/** 1 above the range of some times, -1 below it, 0 inside. */
function moveOf(rttMs: number, known: readonly number[]): -1 | 0 | 1 {
  const tolerance = Math.max(movedTime.ms, movedTime.share * rttMs);
  if (rttMs > Math.max(...known) + tolerance) return 1;
  return rttMs < Math.min(...known) - tolerance ? -1 : 0;
}

/** Number of devices among which a ttl is shared evenly, 1 or more. */
export function branches(position: Position | null | undefined): number {
  return position && position.squares > 0
    ? Math.max(1, position.answered ** 2 / position.squares)
    : 1;
}

/** Chance that a trace shows a device at a ttl, under a baseline. */
export function chanceOf(
  device: number,
  position: Position | null | undefined,
  noveltyOf: (device: number) => number,
): number {
  if (!position || isMute(position)) return surpriseChance;
  const known = position.devices[device];
  const { answered, novel } = position;
  const share =
    known === undefined
      ? (novel + priorTtlDraws * noveltyOf(device)) / (answered + priorTtlDraws)
      : (1 - Math.min(maxNoveltyShare, novel / answered)) * (known / answered);
  return surpriseChance + (1 - surpriseChance) * share;
}

/** How often draws in the AS of a device turn out new, by the ttls of that AS in a baseline. */
export function createNovelty(baseline: Baseline, table: DeviceTable): (device: number) => number {
  let byAsn: Map<number, { draws: number; novel: number }> | null = null;
  return (device) => {
    byAsn ??= countNovelty(baseline, table);
    const counts = byAsn.get(table.list[device]?.asn ?? 0);
    return (
      ((counts?.novel ?? 0) + priorAsNovelty * priorAsDraws) / ((counts?.draws ?? 0) + priorAsDraws)
    );
  };
}

function countNovelty(
  { positions }: Baseline,
  table: DeviceTable,
): Map<number, { draws: number; novel: number }> {
  const byAsn = new Map<number, { draws: number; novel: number }>();
  for (const position of positions) {
    if (!position || position.answered === 0) continue;
    const device = usualDevice(position);
    const asn = device === null ? null : (table.list[device]?.asn ?? null);
    if (asn === null) continue;
    const counts = byAsn.get(asn) ?? { draws: 0, novel: 0 };
    counts.draws += position.answered;
    counts.novel += position.novel;
    byAsn.set(asn, counts);
  }
  return byAsn;
}
