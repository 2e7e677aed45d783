import { unknownVerdict } from '../../model/change/blankChange.ts';
import type { Effect, Verdict } from '../../model/change/change.ts';
import { hodgesLehmann, median, type Shift } from '../../model/values/statistics.ts';
import type { DeviceTable } from './identity/devices.ts';
import type { Observation } from './observation.ts';
import { usualMtu } from './performance/mtuMachine.ts';
import { smallestRelevantShift } from './relevantShift.ts';
import type { Baseline } from './route/baseline.ts';
import { usualEndTtl } from './route/baselineStatistics.ts';
import {
  comparableTimes,
  minLevelSamples,
  timesToLastAnswers,
  type VerdictSamples,
} from './verdictSamples.ts';

/** A destination that answers this share of the traces is missed after so many silent ones. */
const reliableShare = 0.9;
const silentTraces = 2;
/** A verdict is sure if the bound of the interval exceeds this share of the relevant shift. */
const sureShare = 0.8;
/** No difference is sure if the interval lies within this many relevant shifts. */
const sureSameShare = 1.1;

/** Assesses a change of route from the old baseline and the traces that took the new route. */
export function assessRoute(
  from: Baseline,
  observations: readonly Observation[],
  table: DeviceTable,
): Verdict {
  const times = assessTimes(
    comparableTimes(from, observations, table) ?? timesToLastAnswers(from, observations, table),
  );
  const mtus = observations.flatMap((observation) =>
    observation.reached && observation.mtu ? [observation.mtu] : [],
  );
  const ends = observations.flatMap((observation) => observation.destinationTtl ?? []);
  return {
    ...(fellSilent(from, observations) ? lostDestination(from, times) : times),
    hopsBefore: usualEndTtl(from),
    hopsAfter: median(ends),
    mtuBefore: usualMtu(from),
    mtuAfter: mtus.length > 0 ? Math.min(...mtus) : null,
  };
}

/** Whether a destination that was reliable on the old route answers no trace of the new one. */
function fellSilent(from: Baseline, observations: readonly Observation[]): boolean {
  const isSilent = observations.every(({ reached }) => !reached);
  return isSilent && observations.length >= silentTraces && answeredShare(from) >= reliableShare;
}

/** Share of the traces of a route that the destination answered, 0 to 1. */
function answeredShare({ endTtls, traces }: Baseline): number {
  const answered = Object.values(endTtls).reduce((sum, count) => sum + count, 0);
  return Math.min(1, answered / Math.max(1, traces));
}

function lostDestination(from: Baseline, times: Verdict): Verdict {
  return {
    ...times,
    effect: 'worse',
    lossBeforePct: 100 * (1 - answeredShare(from)),
    lossAfterPct: 100,
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
  const effect = effectOf(shift.estimate, level);
  return {
    ...unknownVerdict,
    effect,
    sure: isSure(effect, shift, smallestRelevantShift(level)),
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

/** Whether the interval of a shift leaves no doubt about its effect. */
function isSure(effect: Effect, { low, high }: Shift, relevantMs: number): boolean {
  if (effect === 'worse') return low >= sureShare * relevantMs;
  if (effect === 'better') return high <= -sureShare * relevantMs;
  return Math.max(-low, high) <= sureSameShare * relevantMs;
}

function effectOf(shiftMs: number, levelMs: number): Effect {
  const relevantMs = smallestRelevantShift(levelMs);
  if (shiftMs > relevantMs) return 'worse';
  return shiftMs < -relevantMs ? 'better' : 'same';
}
