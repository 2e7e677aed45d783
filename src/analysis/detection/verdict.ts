import { unknownVerdict } from '../../model/blankChange.ts';
import type { Effect, Verdict } from '../../model/change.ts';
import { hodgesLehmann, median } from '../../model/statistics.ts';
import type { DeviceTable } from './identity/devices.ts';
import type { Observation } from './observation.ts';
import { usualMtu } from './performance/mtuMachine.ts';
import { smallestRelevantShift } from './relevantShift.ts';
import type { Baseline } from './route/baseline.ts';
import { usualEndTtl } from './route/baselineStatistics.ts';
import { comparableTimes, minLevelSamples, type VerdictSamples } from './verdictSamples.ts';

/** Assesses a change of route from the old baseline and the traces that took the new route. */
export function assessRoute(
  from: Baseline,
  observations: readonly Observation[],
  table: DeviceTable,
): Verdict {
  const samples = comparableTimes(from, observations, table);
  const mtus = observations.flatMap((observation) =>
    observation.reached && observation.mtu ? [observation.mtu] : [],
  );
  const ends = observations.flatMap((observation) => observation.destinationTtl ?? []);
  return {
    ...assessTimes(samples),
    hopsBefore: usualEndTtl(from),
    hopsAfter: median(ends),
    mtuBefore: usualMtu(from),
    mtuAfter: mtus.length > 0 ? Math.min(...mtus) : null,
  };
}

/** Assesses two samples of times. */
export function assessTimes(samples: VerdictSamples | null): Verdict {
  if (samples === null) return unknownVerdict;
  const before = latestLevel(samples.before);
  const after = withoutSlowAnswer(samples.after);
  const shift = hodgesLehmann(before, after);
  if (shift === null) return unknownVerdict;
  const level = median(before) as number;
  return {
    ...unknownVerdict,
    effect: effectOf(shift.estimate, level),
    rttBeforeMs: level,
    rttAfterMs: median(after),
    shiftMs: shift.estimate,
    shiftCiMs: [shift.low, shift.high],
    samplesBefore: before.length,
    samplesAfter: after.length,
    measuredTo: samples.measuredTo,
  };
}

/**
 * The times of the old route right before the change. When a congestion began or ended among the
 * samples, only those since then. `values`: oldest first.
 */
function latestLevel(values: readonly number[]): readonly number[] {
  for (let from = 1; from <= values.length - minLevelSamples; from++) {
    const older = values.slice(0, from);
    const newer = values.slice(from);
    const relevantMs = smallestRelevantShift(median(newer) as number);
    if (Math.max(...newer) < Math.min(...older) - relevantMs) return latestLevel(newer);
    if (Math.min(...newer) > Math.max(...older) + relevantMs) return latestLevel(newer);
  }
  return values;
}

/**
 * When there are two samples that disagree, the lower one: an answer may be slow by chance, but
 * never fast.
 */
function withoutSlowAnswer(values: readonly number[]): readonly number[] {
  if (values.length !== 2) return values;
  const lowMs = Math.min(...values);
  return Math.max(...values) - lowMs > smallestRelevantShift(lowMs) ? [lowMs] : values;
}

function effectOf(shiftMs: number, levelMs: number): Effect {
  const relevantMs = smallestRelevantShift(levelMs);
  if (shiftMs > relevantMs) return 'worse';
  return shiftMs < -relevantMs ? 'better' : 'same';
}
