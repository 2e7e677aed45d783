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

/** Sums up what traces say against a baseline. Silence says nothing. */
export function sumEvidence(
  traces: readonly WindowTrace[],
  baseline: Baseline,
  table: DeviceTable,
): WindowEvidence {
  const runs: (DeviatingRun & { most: number; ttls: number })[] = [];
  const noveltyOf = createNovelty(baseline, table);
  let isOpen = false;
  for (const ttl of ttlsBetween(traces)) {
    const draws = drawsAt(ttl, traces);
    const position = baseline.positions[ttl];
    if (draws === null || (isMute(position) && !isDeviating(ttl, traces))) continue;
    const here = evidenceAt(draws, position, noveltyOf, table);
    const run = runs.at(-1);
    if (here < leastEvidence) isOpen = false;
    else if (run === undefined || !isOpen) {
      runs.push({ from: ttl, to: ttl, most: here, ttls: 1 });
      isOpen = true;
    } else
      runs[runs.length - 1] = {
        from: run.from,
        to: ttl,
        most: Math.max(run.most, here),
        ttls: run.ttls + 1,
      };
  }
  const sums = runs.map(({ most, ttls }) => most + runBonus * Math.min(maxBonusTtls, ttls - 1));
  const best = Math.max(0, ...sums);
  const others = sums.reduce((sum, each) => sum + each, 0) - best;
  return { nats: best + otherRunShare * others, runs };
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
 * of naming each device, nats.
 */
function evidenceAt(
  draws: ReadonlyMap<number, number>,
  position: Position | null | undefined,
  noveltyOf: (device: number) => number,
  table: DeviceTable,
): number {
  let total = 0;
  let known = 0;
  for (const [device, count] of draws) {
    total += count;
    if (position?.devices[device] !== undefined) known += count;
  }
  let nats = 0;
  for (const [device, count] of draws)
    nats += count * Math.log(count / total / chanceOf(device, position, noveltyOf));
  const independent = isOfOneAs(draws, table)
    ? independentShare(position, total, known / total)
    : 1;
  return independent * nats - draws.size * Math.log(1 + branches(position));
}

/**
 * Share of the draws that are independent: where a flow keeps its branch, several draws of a known
 * device are one.
 */
function independentShare(
  position: Position | null | undefined,
  total: number,
  knownShare: number,
): number {
  if (!position || position.turns <= knownTurns) return 1;
  const stickiness = Math.max(0, 2 * (position.repeats / position.turns - 0.5));
  return (1 + (total - 1) * (1 - stickiness * knownShare)) / total;
}

function isOfOneAs(draws: ReadonlyMap<number, number>, table: DeviceTable): boolean {
  const asns = new Set<number>();
  for (const device of draws.keys()) {
    const asn = table.list[device]?.asn ?? null;
    if (asn !== null) asns.add(asn);
  }
  return asns.size <= 1;
}
