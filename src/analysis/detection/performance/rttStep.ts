import {
  hodgesLehmann,
  interpolatedQuantile,
  lowerMedian,
  sortAscending,
} from '../../../model/values/statistics.ts';
import { hourSeconds, minuteSeconds } from '../../../model/values/time.ts';
import type { RttCell, RttState } from './performanceState.ts';

/** A shift of the round-trip time between two windows of cells. */
export interface RttStep {
  /** The level before, oldest first, and the cells since the onset. */
  readonly before: readonly RttCell[];
  readonly after: readonly RttCell[];
  readonly beforeMs: number;
  /** The shift, ms, and the end of its interval that is nearer to zero. Negative for a fall. */
  readonly shiftMs: number;
  readonly boundMs: number;
  /** Noise of the level before, ms. */
  readonly noiseMs: number;
  /** The smallest shift that counts here, ms. */
  readonly leastMs: number;
  /** The window is as long as it gets: there is nothing to wait for. */
  readonly isFinal: boolean;
}

/** Cells of the new level: so much time, and at least and at most so many cells. */
const windowSeconds = 30 * minuteSeconds;
const minWindowCells = 7;
const longWindowSeconds = hourSeconds;
const longWindowCells = { min: 12, max: 16 };
/** Cells of the level before. */
const beforeCells = { min: 6, max: 24 };
/** The least shift that counts: the larger of the first two, at most the third. */
const leastShiftMs = 3;
const leastShiftShare = 0.05;
const leastShiftCapMs = 9.5;
/** On shorter paths less counts: a share of the time that stands out from the noise. */
const shortPathMs = 15;
const shortShiftMs = 1;
const shortShiftShare = 0.2;
const shortShiftNoise = 5;
/** A shift stands out from the noise by this factor. */
const noiseFactor = 3;
/** The interval of a shift has to begin at this share of what counts. */
const boundShare = 0.3;
/** A first look at the medians: less than this share of the least shift is none. */
const firstLookShare = 0.6;
/** The noise lies between this quantile and its mirror image. */
const noiseTail = 0.16;
/** The onset lies so many cells or more ago, and at most so many cells before the window. */
const minOnsetCells = 3;
const onsetMarginCells = 2;

/** Cells before the longest window show a level at first sight, remembered for so many cells. */
const maxLevelAge = 8;
/** Cells that may belong to a step differ from the level by this share of the least shift. */
const visibleShare = 0.5;

/**
 * A first look that spares the comparison: most of the newest cells have to differ from the level
 * of the older ones.
 */
export function mayShowStep(state: RttState): boolean {
  if (state.cells.length < beforeCells.min + minWindowCells) return false;
  const level = levelOf(state);
  const leastMs = visibleShare * leastShift(level, 0);
  let above = 0;
  let below = 0;
  for (let age = 1; age <= minWindowCells; age++) {
    const shiftMs = (state.cells.at(-age)?.ms ?? level) - level;
    if (shiftMs >= leastMs) above++;
    else if (shiftMs <= -leastMs) below++;
  }
  return 2 * Math.max(above, below) > minWindowCells;
}

/** The level of the cells before the longest window, ms. */
function levelOf(state: RttState): number {
  if (state.level === null || state.level.age >= maxLevelAge) {
    const { min, max } = beforeCells;
    const older = clamp(state.cells.length - longWindowCells.max, min, max);
    const times = state.cells.slice(0, older).map(({ ms }) => ms);
    state.level = { ms: lowerMedian(times) as number, age: 0 };
  }
  state.level.age++;
  return state.level.ms;
}

/** Compares the newest cells with those before them; null where they do not differ. */
export function findStep(cells: readonly RttCell[], cellSeconds: number): RttStep | null {
  const [short, long] = windowLengths(cellSeconds);
  return stepOf(cells, short, long) ?? (short < long ? stepOf(cells, long, long) : null);
}

/** Cells of the short and of the long window. */
function windowLengths(cellSeconds: number): readonly [number, number] {
  const { min, max } = longWindowCells;
  const long = clamp(Math.ceil(longWindowSeconds / cellSeconds), min, max);
  return [clamp(Math.ceil(windowSeconds / cellSeconds), minWindowCells, long), long];
}

function stepOf(cells: readonly RttCell[], length: number, long: number): RttStep | null {
  const end = cells.length - length;
  if (end < beforeCells.min) return null;
  const before = sortedTimes(cells, Math.max(0, end - beforeCells.max), end);
  const newest = sortedTimes(cells, end, cells.length);
  const beforeMs = interpolatedQuantile(before, 0.5);
  const lookMs = firstLookShare * leastShift(beforeMs, 0);
  if (Math.abs(interpolatedQuantile(newest, 0.5) - beforeMs) < lookMs) return null;
  const noiseMs = sortedSpread(before);
  const leastMs = leastShift(beforeMs, noiseMs);
  const neededMs = Math.max(leastMs, noiseFactor * noiseMs);
  if (!mayReach(neededMs, before, newest)) return null;
  const shift = hodgesLehmann(before, newest);
  if (shift === null) return null;
  const sign = Math.sign(shift.estimate);
  const boundMs = sign > 0 ? shift.low : shift.high;
  if (sign * shift.estimate < neededMs || sign * boundMs < boundShare * neededMs) return null;
  const onset = onsetOf(cells, beforeMs, shift.estimate, long);
  return {
    before: cells.slice(Math.max(0, onset - beforeCells.max), onset),
    after: cells.slice(onset),
    beforeMs,
    shiftMs: shift.estimate,
    boundMs,
    noiseMs,
    leastMs,
    isFinal: length === long,
  };
}

function sortedTimes(cells: readonly RttCell[], from: number, to: number): Float64Array {
  return sortAscending(cells.slice(from, to).map(({ ms }) => ms));
}

/**
 * Whether half of the differences between two samples, ascending, are so large in one direction:
 * else their median, the shift, is smaller. Spares most of the sorting of all differences.
 */
function mayReach(sizeMs: number, before: Float64Array, newest: Float64Array): boolean {
  const pairs = Math.max(pairsApart(sizeMs, before, newest), pairsApart(sizeMs, newest, before));
  return 2 * pairs >= before.length * newest.length;
}

/** Pairs of ascending values in which the one from `high` is larger by this size. */
function pairsApart(size: number, low: Float64Array, high: Float64Array): number {
  let pairs = 0;
  let below = 0;
  for (const value of high) {
    while (below < low.length && value - (low[below] as number) >= size) below++;
    pairs += below;
  }
  return pairs;
}

/** The smallest shift from a level that counts, ms. */
function leastShift(levelMs: number, noiseMs: number): number {
  const usual = Math.max(leastShiftMs, Math.min(leastShiftShare * levelMs, leastShiftCapMs));
  if (!isShortPath(levelMs)) return usual;
  const short = Math.max(shortShiftMs, shortShiftShare * levelMs, shortShiftNoise * noiseMs);
  return Math.min(usual, short);
}

/** Whether a level is so short that less counts. */
export function isShortPath(levelMs: number): boolean {
  return levelMs < shortPathMs;
}

/**
 * The noise of values, not empty: half the distance between two quantiles, which is the standard
 * deviation of normal noise. Two branches of load balancing are noise too.
 */
export function spread(values: readonly number[]): number {
  return sortedSpread(sortAscending(values));
}

function sortedSpread(sorted: Float64Array): number {
  const high = interpolatedQuantile(sorted, 1 - noiseTail);
  return (high - interpolatedQuantile(sorted, noiseTail)) / 2;
}

/** Index of the first cell of the new level: the split that leaves the least distances. */
function onsetOf(
  cells: readonly RttCell[],
  beforeMs: number,
  shiftMs: number,
  long: number,
): number {
  const size = Math.abs(shiftMs);
  const distance = (ms: number, levelMs: number) => Math.min(size, Math.abs(ms - levelMs));
  // The sum over all cells, as it changes when a cell moves from the level before to the new one.
  let sum = 0;
  let best = cells.length - minOnsetCells;
  let least = Number.POSITIVE_INFINITY;
  const first = Math.max(1, cells.length - long - onsetMarginCells);
  for (let split = cells.length - 1; split >= first; split--) {
    const { ms } = cells[split] as RttCell;
    sum += distance(ms, beforeMs + shiftMs) - distance(ms, beforeMs);
    if (sum >= least || cells.length - split < minOnsetCells) continue;
    least = sum;
    best = split;
  }
  return best;
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value));
}
