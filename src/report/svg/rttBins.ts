import { followsOn, type PlacedSeries, type Run, sortedRtts } from './placedSeries.ts';
import { plotWidth } from './timeAxis.ts';

/** RTTs of a stretch of time, ms: 10th, 25th, 50th, 75th and 90th percentile; `x0` and `x1` in plot units. */
export interface RttBin {
  readonly x0: number;
  readonly x1: number;
  readonly low: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly high: number;
}

/** At most this many bins across the plot, with this many traces in each, or there are no bins at all. */
const mostBins = 96;
const fewestBins = 12;
const bestBinSize = 6;
const smallestBinSize = 3;
/** A route holds when it is in use for at least this many traces in a row. */
const settledTraces = 3;

function quantile(sorted: Float64Array, q: number): number {
  const place = (sorted.length - 1) * q;
  const low = sorted[Math.floor(place)] as number;
  const high = sorted[Math.ceil(place)] as number;
  return low + (high - low) * (place - Math.floor(place));
}

/** Traces per bin; null where there are too few traces for a band. */
function binSize(traces: number): number | null {
  const size = Math.max(bestBinSize, Math.ceil(traces / mostBins));
  if (traces / size >= fewestBins) return size;
  return traces / smallestBinSize >= fewestBins ? smallestBinSize : null;
}

/**
 * Whether a lasting change of route lies before the run at `index`: the route before it held and is not back soon, or the new
 * one holds and was not there just before. Load sharing among several new routes is a change too, turn-taking is none.
 */
function lastingChange({ points, runs }: PlacedSeries, index: number): boolean {
  const before = runs[index - 1];
  const run = runs[index];
  if (before === undefined || run === undefined) return false;
  const soon = points.slice(run.first, run.first + settledTraces);
  const justBefore = points.slice(Math.max(0, run.first - settledTraces), run.first);
  const left = holds(before) && !soon.some(({ variant }) => variant === before.variant);
  const came = holds(run) && !justBefore.some(({ variant }) => variant === run.variant);
  return left || came;
}

function holds(run: Run): boolean {
  return run.last - run.first + 1 >= settledTraces;
}

/** Stretches that no bin may cross: they end at gaps and at lasting changes of route. */
function stretches(placed: PlacedSeries): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = [];
  placed.runs.forEach((run, index) => {
    const open = found.at(-1);
    const goesOn = followsOn(placed, index) && !lastingChange(placed, index);
    if (open !== undefined && goesOn) open.last = run.last;
    else found.push({ first: run.first, last: run.last });
  });
  return found;
}

function bin(placed: PlacedSeries, first: number, last: number): RttBin | null {
  const sorted = sortedRtts(placed.points, first, last);
  if (sorted.length === 0) return null;
  return {
    x0: placed.start[first] as number,
    x1: Math.min(placed.end[last] as number, plotWidth),
    low: quantile(sorted, 0.1),
    q1: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    q3: quantile(sorted, 0.75),
    high: quantile(sorted, 0.9),
  };
}

/**
 * Bins of equal numbers of traces, in time order, never across a gap or a lasting route change. Empty when there are too few
 * traces to speak of a spread.
 */
export function rttBins(placed: PlacedSeries): RttBin[] {
  const size = binSize(placed.points.length);
  if (size === null) return [];
  const bins: RttBin[] = [];
  for (const { first, last } of stretches(placed)) {
    const parts = Math.max(1, Math.round((last - first + 1) / size));
    const width = (last - first + 1) / parts;
    for (let part = 0; part < parts; part++) {
      const from = first + Math.round(part * width);
      const made = bin(placed, from, first + Math.round((part + 1) * width) - 1);
      if (made !== null) bins.push(made);
    }
  }
  return bins;
}
