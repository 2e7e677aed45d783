import type { Judgement, Verdict } from '../../model/change.ts';
import { usualMtu } from './mtuMachine.ts';
import { destinationNode, type NodeTable } from './nodes.ts';
import { hodgesLehmann, median } from './rank.ts';
import { presence, type Regime, usualEnd } from './regime.ts';
import type { Sighting } from './sighting.ts';

/** Samples of the old route that a verdict looks at. */
const beforeSamples = 12;
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
  const samples = toDestination(from, sightings) ?? toShared(from, sightings, table);
  const mtus = sightings.flatMap((sighting) =>
    sighting.reached && sighting.mtu ? [sighting.mtu] : [],
  );
  const mtuBefore = usualMtu(from);
  const mtuAfter = mtus.length > 0 ? Math.min(...mtus) : null;
  const ends = sightings.flatMap((sighting) => sighting.destinationTtl ?? []);
  return {
    ...judgeTimes(samples, mtuBefore !== null && mtuAfter !== null && mtuAfter < mtuBefore),
    hopsBefore: usualEnd(from),
    hopsAfter: median(ends),
    mtuBefore,
    mtuAfter,
  };
}

/** Judges two samples of times; a lower MTU is worse whatever they say. */
export function judgeTimes(samples: Samples | null, mtuDropped: boolean): Verdict {
  const shift = samples === null ? null : hodgesLehmann(samples.before, samples.after);
  if (samples === null || shift === null) {
    return { ...noVerdict, judgement: mtuDropped ? 'worse' : 'unknown' };
  }
  const level = median(samples.before) as number;
  return {
    ...noVerdict,
    judgement: mtuDropped ? 'worse' : judgement(shift.estimate, level),
    rttBeforeMs: level,
    rttAfterMs: median(samples.after),
    shiftMs: shift.estimate,
    shiftCiMs: [shift.low, shift.high],
    samplesBefore: samples.before.length,
    samplesAfter: samples.after.length,
    measuredAt: samples.measuredAt,
  };
}

function judgement(shiftMs: number, levelMs: number): Judgement {
  const felt = Math.max(feltMs, feltShare * levelMs);
  if (shiftMs > felt) return 'worse';
  return shiftMs < -felt ? 'better' : 'same';
}

function toDestination(from: Regime, sightings: readonly Sighting[]): Samples | null {
  const before = from.reachedRtts.slice(-beforeSamples).map((sample) => sample.ms);
  const after = sightings.flatMap((sighting) => sighting.rttMs ?? []);
  return before.length > 0 && after.length > 0 ? { before, after, measuredAt: null } : null;
}

/** Where the destination is silent: the deepest device that both routes pass, wherever it stands in each of them. */
function toShared(from: Regime, sightings: readonly Sighting[], table: NodeTable): Samples | null {
  for (let ttl = from.positions.length - 1; ttl > 0; ttl--) {
    const position = from.positions[ttl];
    if (!position || position.rttsMs.length < 3) continue;
    for (const key in position.nodes) {
      const node = Number(key);
      if (node === destinationNode || presence(from, node) < 0.3) continue;
      const after = sightings.flatMap((sighting) => timesTo(sighting, node));
      if (after.length === 0) continue;
      return {
        before: position.rttsMs,
        after,
        measuredAt: table.list[node]?.addresses[0] ?? null,
      };
    }
  }
  return null;
}

function timesTo(sighting: Sighting, node: number): number[] {
  const times = sighting.nodes.flatMap((other, index) =>
    other === node ? (sighting.rttsMs[index] ?? []) : [],
  );
  return times.length > 0 ? [Math.min(...times)] : [];
}
