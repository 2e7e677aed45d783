import type { SeriesPoint } from '../../model/analysis.ts';
import { followsOn, type PlacedSeries, type Run } from './placedSeries.ts';
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
/** A change of route cuts a bin when both routes hold for at least this many traces. */
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

function isSettled(run: Run | undefined): boolean {
  return run !== undefined && run.last - run.first + 1 >= settledTraces;
}

/** Stretches that no bin may cross: they end at gaps and at lasting changes of route. */
function stretches(placed: PlacedSeries): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = [];
  placed.runs.forEach((run, index) => {
    const open = found.at(-1);
    const before = placed.runs[index - 1];
    const cut = isSettled(before) && isSettled(run);
    if (open !== undefined && followsOn(placed, index) && !cut) open.last = run.last;
    else found.push({ first: run.first, last: run.last });
  });
  return found;
}

function bin(placed: PlacedSeries, first: number, last: number): RttBin | null {
  const values: number[] = [];
  for (let i = first; i <= last; i++) {
    const { rttMs } = placed.points[i] as SeriesPoint;
    if (rttMs !== null) values.push(rttMs);
  }
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
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
