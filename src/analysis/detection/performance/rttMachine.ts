import { lowerQuantile, median } from '../../../model/statistics.ts';
import type { PerformanceState } from '../detectionState.ts';
import type { Baseline } from '../route/baseline.ts';

/** A lasting step of the round-trip time, ms. */
export interface RttStep {
  readonly beforeMs: number;
  readonly afterMs: number;
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** Start of the first trace of the new level. */
  readonly by: number;
}

/** Samples of the new level, and of the level before it. */
const windowSamples = 6;
/** Older samples of the same route needed for a reference. */
const referenceSamples = 12;
/** A step must be seen on one route: traces since the last switch. */
const settledTraces = 12;
/** Samples that show what the route takes at this time of day. */
const recentSamples = 24;
const minStepMs = 6;
const minStepShare = 0.1;

/**
 * Looks for a step up at the newest sample. The level before has to be flat, so that the slow rise of a busy day is no step, and
 * nearly all new samples lie above what the route ever showed, so that a few slow answers or a slow branch are none.
 */
export function findRttStep(baseline: Baseline, sinceSwitch: number): RttStep | null {
  const samples = baseline.reachedRtts;
  const count = samples.length;
  if (sinceSwitch < settledTraces || count < 2 * windowSamples + referenceSamples) return null;
  const last = (samples[count - 1] as { ms: number }).ms;
  if (last < (samples[count - windowSamples - 2] as { ms: number }).ms + 0.3 * minStepMs)
    return null;
  const times = (from: number, to?: number) => samples.slice(from, to).map(({ ms }) => ms);
  const after = times(-windowSamples);
  const before = times(-2 * windowSamples, -windowSamples);
  const level = median(after) as number;
  const from = median(before) as number;
  const step = level - from;
  if (step < minStepMs) return null;
  const values = times(0, -windowSamples);
  const reference = values.toSorted((a, b) => a - b);
  if (step < minStepShare * lowerQuantile(reference, 0.5)) return null;
  const recent = values.slice(-recentSamples).sort((a, b) => a - b);
  const high = Math.max(lowerQuantile(reference, 0.95), lowerQuantile(recent, 0.9));
  if (
    level < high + Math.max(1.5, 0.03 * level) ||
    after.filter((ms) => ms > from + 0.4 * step).length < windowSamples - 1
  )
    return null;
  if (Math.abs(trend(before)) > 0.35 * step) return null;
  const by = (samples[count - windowSamples] as { at: number }).at;
  return { beforeMs: from, afterMs: level, before, after, by };
}

/** Difference of the medians of the two halves. */
function trend(values: readonly number[]): number {
  const half = values.length >> 1;
  return (median(values.slice(half)) as number) - (median(values.slice(0, half)) as number);
}

/** Whether an open step is over: the newest samples are back at the level before it. */
export function isRttStepOver(baseline: Baseline, state: PerformanceState): boolean {
  const open = state.rtt;
  if (open === null || baseline.reachedRtts.length < 4) return false;
  const newest = baseline.reachedRtts.slice(-4).map((sample) => sample.ms);
  return (median(newest) as number) < open.beforeMs + 0.4 * (open.afterMs - open.beforeMs);
}
