import type { Judgement, Verdict } from '../../model/change.ts';
import { usualNode } from './alias.ts';
import { usualMtu } from './mtuMachine.ts';
import { destinationNode, type NodeTable } from './nodes.ts';
import { hodgesLehmann, median } from './rank.ts';
import { isOdd, type Position, presence, type Regime, usualEnd } from './regime.ts';
import type { Sighting } from './sighting.ts';

/** Samples of the old route that a verdict looks at. */
const beforeSamples = 12;
/** Samples that make a level. */
const leastLevel = 3;
/** What nobody feels: the larger of these two. */
const feltMs = 3;
const feltShare = 0.05;

/** Two samples of times, taken to the same place. */
interface Samples {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly measuredAt: string | null;
}

/** A verdict that says nothing. */
export const noVerdict: Verdict = {
  judgement: 'unknown',
  rttBeforeMs: null,
  rttAfterMs: null,
  shiftMs: null,
  shiftCiMs: null,
  samplesBefore: 0,
  samplesAfter: 0,
  measuredAt: null,
  lossBeforePct: null,
  lossAfterPct: null,
  hopsBefore: null,
  hopsAfter: null,
  mtuBefore: null,
  mtuAfter: null,
};

/** Judges a change of route from the old regime and the traces that took the new one. */
export function judgeRoute(
  from: Regime,
  sightings: readonly Sighting[],
  table: NodeTable,
): Verdict {
  const samples =
    toDestination(from, sightings) ??
    toShared(from, sightings, table) ??
    toEnds(from, sightings, table);
  const mtus = sightings.flatMap((sighting) =>
    sighting.reached && sighting.mtu ? [sighting.mtu] : [],
  );
  const ends = sightings.flatMap((sighting) => sighting.destinationTtl ?? []);
  return {
    ...judgeTimes(samples),
    hopsBefore: usualEnd(from),
    hopsAfter: median(ends),
    mtuBefore: usualMtu(from),
    mtuAfter: mtus.length > 0 ? Math.min(...mtus) : null,
  };
}

/** Judges two samples of times. */
export function judgeTimes(samples: Samples | null): Verdict {
  if (samples === null) return noVerdict;
  const before = latestLevel(samples.before);
  const after = withoutSlowAnswer(samples.after);
  const shift = hodgesLehmann(before, after);
  if (shift === null) return noVerdict;
  const level = median(before) as number;
  return {
    ...noVerdict,
    judgement: judgement(shift.estimate, level),
    rttBeforeMs: level,
    rttAfterMs: median(after),
    shiftMs: shift.estimate,
    shiftCiMs: [shift.low, shift.high],
    samplesBefore: before.length,
    samplesAfter: after.length,
    measuredAt: samples.measuredAt,
  };
}

/**
 * What the old route took right before it was left: when a congestion began or ended among the last samples, only those
 * since then. `values`: oldest first.
 */
function latestLevel(values: readonly number[]): readonly number[] {
  for (let from = 1; from <= values.length - leastLevel; from++) {
    const older = values.slice(0, from);
    const newer = values.slice(from);
    const felt = feltAt(median(newer) as number);
    if (Math.max(...newer) < Math.min(...older) - felt) return latestLevel(newer);
    if (Math.min(...newer) > Math.max(...older) + felt) return latestLevel(newer);
  }
  return values;
}

/** Of two samples that disagree the lower one: an answer may be slow by chance, but never fast. */
function withoutSlowAnswer(values: readonly number[]): readonly number[] {
  if (values.length !== 2) return values;
  const least = Math.min(...values);
  return Math.max(...values) - least > feltAt(least) ? [least] : values;
}

function feltAt(levelMs: number): number {
  return Math.max(feltMs, feltShare * levelMs);
}

function judgement(shiftMs: number, levelMs: number): Judgement {
  const felt = feltAt(levelMs);
  if (shiftMs > felt) return 'worse';
  return shiftMs < -felt ? 'better' : 'same';
}

function toDestination(from: Regime, sightings: readonly Sighting[]): Samples | null {
  const before = from.reachedRtts.slice(-beforeSamples).map((sample) => sample.ms);
  const after = sightings.flatMap((sighting) => sighting.rttMs ?? []);
  return before.length > 0 && after.length > 0 ? { before, after, measuredAt: null } : null;
}

/** Where the destination is silent: the deepest device behind the change that both routes pass. */
function toShared(from: Regime, sightings: readonly Sighting[], table: NodeTable): Samples | null {
  const begin = changedFrom(from, sightings);
  let best: { node: number; ttl: number } | null = null;
  for (const { nodes, ttls } of sightings) {
    for (const [index, node] of nodes.entries()) {
      const ttl = ttls[index] as number;
      if (node === destinationNode || ttl < begin || ttl <= (best?.ttl ?? 0)) continue;
      if (presence(from, node) >= 0.3) best = { node, ttl };
    }
  }
  if (best === null) return null;
  const { node } = best;
  const position = usualPosition(from, node);
  if (position === null || position.rttsMs.length < leastLevel) return null;
  const after = sightings.flatMap((sighting) => timesTo(sighting, node));
  if (after.length === 0) return null;
  return {
    before: inOrder(position),
    after,
    measuredAt: table.list[node]?.addresses[0] ?? null,
  };
}

/** The first ttl at which the new route differs from what the old one showed there. */
function changedFrom(from: Regime, sightings: readonly Sighting[]): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { nodes, ttls } of sightings) {
    for (const [index, node] of nodes.entries()) {
      const ttl = ttls[index] as number;
      if (node !== destinationNode && isNewAt(from, ttl, node)) first = Math.min(first, ttl);
    }
  }
  return first;
}

function isNewAt(from: Regime, ttl: number, node: number): boolean {
  return isOdd(from, node) || from.positions[ttl]?.nodes[node] === undefined;
}

function usualPosition(regime: Regime, node: number): Position | null {
  let best: Position | null = null;
  for (const position of regime.positions) {
    if (position && (position.nodes[node] ?? 0) > (best?.nodes[node] ?? 0)) best = position;
  }
  return best;
}

/** The times of a position, oldest first. */
function inOrder({ rttsMs, cursor }: Position): number[] {
  return cursor < rttsMs.length
    ? [...rttsMs.slice(cursor), ...rttsMs.slice(0, cursor)]
    : [...rttsMs];
}

function timesTo(sighting: Sighting, node: number): number[] {
  const times = sighting.nodes.flatMap((other, index) =>
    other === node ? (sighting.rttsMs[index] ?? []) : [],
  );
  return times.length > 0 ? [Math.min(...times)] : [];
}

/** Where the routes share nothing behind the change either: their last devices, when these are in one AS. */
function toEnds(from: Regime, sightings: readonly Sighting[], table: NodeTable): Samples | null {
  const end = from.positions.findLast(
    (position) => position !== null && position.answered >= 0.3 * from.traces,
  );
  const before = usualNode(end);
  if (!end || before === null || end.rttsMs.length < leastLevel) return null;
  const asn = table.list[before]?.asn ?? null;
  const last = sightings.filter(
    ({ nodes }) => asn !== null && table.list[nodes.at(-1) ?? -1]?.asn === asn,
  );
  const after = last.flatMap((sighting) => sighting.rttsMs.at(-1) ?? []);
  if (after.length === 0) return null;
  const measuredAt = table.list[last[0]?.nodes.at(-1) ?? -1]?.addresses[0] ?? null;
  return { before: inOrder(end), after, measuredAt };
}
