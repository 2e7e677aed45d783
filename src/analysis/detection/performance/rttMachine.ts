import { lowerQuantile, median, sortAscending } from '../../../model/statistics.ts';
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
/** Older samples of the same route that a reference needs. */
const referenceSamples = 12;
/** Traces since the last switch: a change of route brings a step of its own. */
const minTracesSinceSwitch = 12;
/** Samples that show the usual RTT at this time of day. */
const recentSamples = 24;
/** A step matters from the larger of these on; the share is one of the usual level. */
const minStepMs = 6;
const minStepShare = 0.1;
/**
 * Share of the least step by which the newest sample has to exceed the old level: a quick first
 * look.
 */
const visibleShare = 0.3;
/** The highest usual time: nearly all older samples, and most of the recent ones, lie below it. */
const referenceShare = 0.95;
const recentShare = 0.9;
/**
 * The new level exceeds the highest usual time by the larger of these, so that jitter is no step.
 */
const clearanceMs = 1.5;
const clearanceShare = 0.03;
/**
 * A sample above this share of the step belongs to the new level, one below it to the old level.
 */
const levelShare = 0.4;
/** Samples of the new level that may be as low as the old level. */
const lowSamples = 1;
/** A level that already rises by more than this share of the step is a busy day, not flat. */
const flatShare = 0.35;
/** Newest samples that show that a step is over. */
const overSamples = 4;

/**
 * Looks for a step up at the newest sample. The level before has to be flat, so that the slow rise
 * of a busy day is no step. Nearly all new samples have to exceed what the route ever showed, so
 * that a few slow answers or a slow branch are none.
 */
export function findRttStep(baseline: Baseline, sinceSwitch: number): RttStep | null {
  const samples = baseline.reachedRtts;
  if (sinceSwitch < minTracesSinceSwitch) return null;
  if (samples.length < 2 * windowSamples + referenceSamples) return null;
  if (!isVisible(samples)) return null;
  const times = samples.map(({ ms }) => ms);
  const after = times.slice(-windowSamples);
  const before = times.slice(-2 * windowSamples, -windowSamples);
  const older = times.slice(0, -windowSamples);
  const step = {
    beforeMs: median(before) as number,
    afterMs: median(after) as number,
    before,
    after,
    by: samples[samples.length - windowSamples]?.at as number,
  };
  return isLarge(step, older) && isAboveUsual(step, older) && isSharp(step) ? step : null;
}

/** The newest sample lies above the old level, as far as two samples can show it. */
function isVisible(samples: Baseline['reachedRtts']): boolean {
  const last = samples.at(-1)?.ms as number;
  const old = samples.at(-windowSamples - 2)?.ms as number;
  return last >= old + visibleShare * minStepMs;
}

function isLarge({ beforeMs, afterMs }: RttStep, older: readonly number[]): boolean {
  const stepMs = afterMs - beforeMs;
  const usualMs = lowerQuantile(sortAscending(older), 0.5);
  return stepMs >= minStepMs && stepMs >= minStepShare * usualMs;
}

function isAboveUsual({ afterMs }: RttStep, older: readonly number[]): boolean {
  const highMs = Math.max(
    lowerQuantile(sortAscending(older), referenceShare),
    lowerQuantile(sortAscending(older.slice(-recentSamples)), recentShare),
  );
  return afterMs >= highMs + Math.max(clearanceMs, clearanceShare * afterMs);
}

/** The level before is flat, and nearly all samples after it have left it. */
function isSharp({ beforeMs, afterMs, before, after }: RttStep): boolean {
  const stepMs = afterMs - beforeMs;
  const low = after.filter((ms) => ms <= beforeMs + levelShare * stepMs).length;
  return low <= lowSamples && Math.abs(trend(before)) <= flatShare * stepMs;
}

/** Difference of the medians of the two halves. */
function trend(values: readonly number[]): number {
  const half = values.length >> 1;
  return (median(values.slice(half)) as number) - (median(values.slice(0, half)) as number);
}

/** Whether an open step is over: the newest samples are back at the level before it. */
export function isRttStepOver(baseline: Baseline, state: PerformanceState): boolean {
  const open = state.rtt;
  if (open === null || baseline.reachedRtts.length < overSamples) return false;
  const newest = baseline.reachedRtts.slice(-overSamples).map(({ ms }) => ms);
  return (median(newest) as number) < open.beforeMs + levelShare * (open.afterMs - open.beforeMs);
}
