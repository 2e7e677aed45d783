import type { DeviceTable } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import type { Baseline, Position } from './baseline.ts';
import { branches, chanceOf, createNovelty, isMute } from './likelihood.ts';

/** A recent trace that the baseline has not learned yet. */
export interface WindowTrace {
  readonly observation: Observation;
  /** The ttls at which it deviates from the current baseline, ascending. */
  deviating: readonly number[];
}

/** Consecutive ttls that speak against a baseline. */
export interface DeviatingRun {
  readonly from: number;
  readonly to: number;
}

/** Whether a ttl lies in one of the runs. */
export function isInRuns(ttl: number, runs: readonly DeviatingRun[]): boolean {
  return runs.some(({ from, to }) => from <= ttl && ttl <= to);
}

/** The evidence of some traces against a baseline. */
export interface WindowEvidence {
  /** Log of how many times likelier a route of their own makes the traces, nats. */
  readonly nats: number;
  /** Ascending. */
  readonly runs: readonly DeviatingRun[];
}

/** A ttl speaks against the baseline from this evidence on, nats. */
const leastEvidence = 1;
/** Each further ttl of a run adds this, up to so many: routers of one route move together. */
const runBonus = 0.5;
const maxBonusTtls = 3;
/** Runs beside the strongest one count by this share: they are not quite independent. */
const otherRunShare = 0.5;
/** Turns after which a position shows how much its devices stay. */
const knownTurns = 5;

/** Draws from which on a device is a known branch at its ttl, and not one that came by chance. */
const branchDraws = 3;

interface Run {
  readonly from: number;
  to: number;
  /** The evidence of the strongest ttl, nats. */
  most: number;
  /** Ttls that add to it: those that show known branches only come and go together. */
  own: number;
}

/** Sums up what traces say against a baseline. Silence says nothing. */
export function sumEvidence(
  traces: readonly WindowTrace[],
  baseline: Baseline,
  table: DeviceTable,
): WindowEvidence {
  const runs = findRuns(traces, baseline, table);
  const sums = runs.map(
    ({ most, own }) => most + runBonus * Math.min(maxBonusTtls, Math.max(0, own - 1)),
  );
  const best = Math.max(0, ...sums);
  const first = sums.indexOf(best);
  const others = sums.filter((_, nth) => nth !== first && (runs[nth] as Run).own > 0);
  return { nats: best + otherRunShare * others.reduce((sum, each) => sum + each, 0), runs };
}

function findRuns(traces: readonly WindowTrace[], baseline: Baseline, table: DeviceTable): Run[] {
  const runs: Run[] = [];
  const noveltyOf = createNovelty(baseline, table);
  let run: Run | null = null;
  for (const ttl of ttlsBetween(traces)) {
    const draws = drawsAt(ttl, traces);
    const position = baseline.positions[ttl];
    if (draws === null || (isMute(position) && !isDeviating(ttl, traces))) continue;
    const here = evidenceAt(draws, position, noveltyOf, table);
    if (here < leastEvidence) {
      run = null;
      continue;
    }
    if (run === null) {
      run = { from: ttl, to: ttl, most: 0, own: 0 };
      runs.push(run);
    }
    run.to = ttl;
    run.most = Math.max(run.most, here);
    if (!showsKnownBranches(draws, position)) run.own++;
  }
  return runs;
}

function showsKnownBranches(
  draws: ReadonlyMap<number, number>,
  position: Position | null | undefined,
): boolean {
  return [...draws.keys()].every((device) => (position?.devices[device] ?? 0) >= branchDraws);
}

function isDeviating(ttl: number, traces: readonly WindowTrace[]): boolean {
  return traces.some(({ deviating }) => deviating.includes(ttl));
}

/** The ttls from the first to the last at which any of the traces deviates. */
function ttlsBetween(traces: readonly WindowTrace[]): number[] {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const { deviating } of traces) {
    first = Math.min(first, deviating[0] ?? first);
    last = Math.max(last, deviating.at(-1) ?? last);
  }
  const ttls: number[] = [];
  for (let ttl = first; ttl <= last; ttl++) ttls.push(ttl);
  return ttls;
}

/** Draws at a ttl by device; null where fewer than half of the traces answer. */
function drawsAt(ttl: number, traces: readonly WindowTrace[]): Map<number, number> | null {
  const draws = new Map<number, number>();
  let answered = 0;
  for (const { observation } of traces) {
    const start = observation.ttls.indexOf(ttl);
    if (start < 0) continue;
    const end = observation.ttls.lastIndexOf(ttl) + 1;
    answered++;
    for (const device of observation.devices.slice(start, end))
      draws.set(device, (draws.get(device) ?? 0) + 1 / (end - start));
  }
  return answered >= traces.length / 2 ? draws : null;
}

/**
 * Log likelihood ratio of the draws under their own shares and under the baseline's, less the price
 * of naming each device, nats. A known device that a flow keeps to is likelier to come again.
 */
function evidenceAt(
  draws: ReadonlyMap<number, number>,
  position: Position | null | undefined,
  noveltyOf: (device: number) => number,
  table: DeviceTable,
): number {
  let total = 0;
  for (const count of draws.values()) total += count;
  const sticks = isOfOneAs(draws, table) ? stickiness(position) : 0;
  let nats = 0;
  for (const [device, count] of draws) {
    const chance = chanceOf(device, position, noveltyOf);
    const isKnown = position?.devices[device] !== undefined;
    const chanceAgain = isKnown ? chance + sticks * (1 - chance) : chance;
    const first = Math.min(1, count);
    nats += first * Math.log(count / total / chance);
    nats += (count - first) * Math.log(count / total / chanceAgain);
  }
  return nats - draws.size * Math.log(1 + branches(position));
}

/**
 * How far the draws at a ttl stay with the device before, 0 to 1: the part of the repeats that the
 * shares alone do not make.
 */
function stickiness(position: Position | null | undefined): number {
  if (!position || position.turns <= knownTurns) return 0;
  const byChance = 1 / branches(position);
  if (byChance === 1) return 0;
  return Math.max(0, (position.repeats / position.turns - byChance) / (1 - byChance));
}

function isOfOneAs(draws: ReadonlyMap<number, number>, table: DeviceTable): boolean {
  const asns = new Set<number>();
  for (const device of draws.keys()) {
    const asn = table.list[device]?.asn ?? null;
    if (asn !== null) asns.add(asn);
  }
  return asns.size <= 1;
}
