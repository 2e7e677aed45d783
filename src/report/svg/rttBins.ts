import { interpolatedQuantile } from '../../model/statistics.ts';
import { isAdjoining, type PlacedSeries, sortedRtts, type VariantRun } from './placedSeries.ts';
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
const maxBins = 96;
const minBins = 12;
const preferredBinSize = 6;
const minBinSize = 3;
/** A route holds when it is in use for at least this many traces in a row. */
const stableTraces = 3;

/** Traces per bin; null where there are too few traces for a band. */
function binSize(traces: number): number | null {
  const size = Math.max(preferredBinSize, Math.ceil(traces / maxBins));
  if (traces / size >= minBins) return size;
  return traces / minBinSize >= minBins ? minBinSize : null;
}

/**
 * Whether a lasting change of route lies before the run at `index`: the route before it held and is not back soon, or the new
 * one holds and was not there just before. Load sharing among several new routes is a change too, turn-taking is none.
 */
function isLastingChange({ points, variantRuns }: PlacedSeries, index: number): boolean {
  const before = variantRuns[index - 1];
  const run = variantRuns[index];
  if (before === undefined || run === undefined) return false;
  const soon = points.slice(run.first, run.first + stableTraces);
  const justBefore = points.slice(Math.max(0, run.first - stableTraces), run.first);
  const wasLeft = isStable(before) && !soon.some(({ variant }) => variant === before.variant);
  const isNew = isStable(run) && !justBefore.some(({ variant }) => variant === run.variant);
  return wasLeft || isNew;
}

function isStable(run: VariantRun): boolean {
  return run.last - run.first + 1 >= stableTraces;
}

/** Stretches that no bin may cross: they end at gaps and at lasting changes of route. */
function findStretches(placed: PlacedSeries): { first: number; last: number }[] {
  const found: { first: number; last: number }[] = [];
  placed.variantRuns.forEach((run, index) => {
    const current = found.at(-1);
    const continues = isAdjoining(placed, index) && !isLastingChange(placed, index);
    if (current !== undefined && continues) current.last = run.last;
    else found.push({ first: run.first, last: run.last });
  });
  return found;
}

function buildBin(placed: PlacedSeries, first: number, last: number): RttBin | null {
  const sorted = sortedRtts(placed.points, first, last);
  if (sorted.length === 0) return null;
  return {
    x0: placed.start[first] as number,
    x1: Math.min(placed.end[last] as number, plotWidth),
    low: interpolatedQuantile(sorted, 0.1),
    q1: interpolatedQuantile(sorted, 0.25),
    median: interpolatedQuantile(sorted, 0.5),
    q3: interpolatedQuantile(sorted, 0.75),
    high: interpolatedQuantile(sorted, 0.9),
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
  for (const { first, last } of findStretches(placed)) {
    const parts = Math.max(1, Math.round((last - first + 1) / size));
    const width = (last - first + 1) / parts;
    for (let part = 0; part < parts; part++) {
      const from = first + Math.round(part * width);
      const rttBin = buildBin(placed, from, first + Math.round((part + 1) * width) - 1);
      if (rttBin !== null) bins.push(rttBin);
    }
  }
  return bins;
}
