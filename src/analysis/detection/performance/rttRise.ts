import { median } from '../../../model/values/statistics.ts';
import { minuteSeconds } from '../../../model/values/time.ts';
import type { RttCell } from './performanceState.ts';
import { type RttStep, spread } from './rttStep.ts';

/** How a rise took place. */
export interface Rise {
  /** Time from the old level to the new one. */
  readonly seconds: number;
  /** Results are missing in it, so that it may have been faster. */
  readonly hasPause: boolean;
}

/** The newest cells, which show how high the level is now. */
const newestCells = 4;
/** The level still moves if it drifts by this share of the step. */
const driftShare = 0.3;
/** It is none if its cells spread by this share of the step. */
const spreadShare = 0.35;
/** Cells of a running median. */
const smoothedCells = 3;
/** A rise goes from the first to the second share of the step. */
const riseFrom = 0.2;
const riseTo = 0.8;
/** Results are missing if none came for this time, and for so many intervals. */
const pauseSeconds = 25 * minuteSeconds;
const pauseIntervals = 3;
/** A longer rise is that of a busy day. Less than one interval looks like none. */
const gradualSeconds = 29 * minuteSeconds;
const gradualIntervals = 0.9;

/** Whether the new level is flat: it drifts neither up nor down from one half to the other. */
export function isFlat({ after, shiftMs }: RttStep): boolean {
  const times = after.map(({ ms }) => ms);
  const half = Math.ceil(times.length / 2);
  const halfMs = (median(times.slice(-half)) as number) - (median(times.slice(0, half)) as number);
  return 2 * Math.abs(halfMs) <= driftShare * shiftMs && spread(times) <= spreadShare * shiftMs;
}

/** Measures a rise on the running median. */
export function measureRise(
  { before, after, beforeMs, shiftMs }: RttStep,
  intervalSeconds: number,
): Rise {
  const cells = [...before, ...after];
  const smoothMs = smooth(cells);
  const newestMs = median(after.slice(-newestCells).map(({ ms }) => ms)) as number;
  const heightMs = Math.max(shiftMs, newestMs - beforeMs);
  const first = smoothMs.findLastIndex((ms) => ms <= beforeMs + riseFrom * heightMs) + 1;
  const full = smoothMs.findIndex((ms, i) => i >= first && ms > beforeMs + riseTo * heightMs);
  const last = full < 0 ? cells.length - 1 : full;
  const from = Math.min(first, cells.length - 1);
  const pause = Math.max(pauseSeconds, pauseIntervals * intervalSeconds);
  const span = cells.slice(Math.max(0, from - 1), Math.max(last, before.length) + 1);
  return {
    seconds: secondsBetween(cells[from], cells[last]),
    hasPause: span.some((cell, i) => i > 0 && secondsBetween(span[i - 1], cell) > pause),
  };
}

function secondsBetween(from: RttCell | undefined, to: RttCell | undefined): number {
  return (to?.at ?? 0) - (from?.at ?? 0);
}

/** The running median of cells, each with those right before it. */
function smooth(cells: readonly RttCell[]): number[] {
  return cells.map((_, index) => {
    const window = cells.slice(Math.max(0, index - smoothedCells + 1), index + 1);
    return median(window.map(({ ms }) => ms)) as number;
  });
}

/** Whether a rise is that of a busy day rather than a step. */
export function isGradual({ seconds, hasPause }: Rise, intervalSeconds: number): boolean {
  return !hasPause && seconds > Math.max(gradualSeconds, gradualIntervals * intervalSeconds);
}
