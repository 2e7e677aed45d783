import { noVerdict } from '../../model/blankChange.ts';
import type { Judgement, Verdict } from '../../model/change.ts';
import { usualMtu } from './mtuMachine.ts';
import type { NodeTable } from './nodes.ts';
import { feltAt, hodgesLehmann, median } from './rank.ts';
import type { Regime } from './regime.ts';
import { usualEnd } from './regimeHabits.ts';
import type { Sighting } from './sighting.ts';
import { comparableTimes, leastLevel, type Samples } from './verdictTimes.ts';

/** Judges a change of route from the old regime and the traces that took the new one. */
export function judgeRoute(
  from: Regime,
  sightings: readonly Sighting[],
  table: NodeTable,
): Verdict {
  const samples = comparableTimes(from, sightings, table);
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

function judgement(shiftMs: number, levelMs: number): Judgement {
  const felt = feltAt(levelMs);
  if (shiftMs > felt) return 'worse';
  return shiftMs < -felt ? 'better' : 'same';
}
