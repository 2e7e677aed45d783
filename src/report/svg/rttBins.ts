import { interpolatedQuantile } from '../../model/values/statistics.ts';
import { plotWidth } from './coordinates.ts';
import {
  isAdjoining,
  type PlacedPoint,
  type PlacedSeries,
  sortedRtts,
  type ValueRun,
} from './placedSeries.ts';

/**
 * RTTs of a time span, ms: 10th, 25th, 50th, 75th and 90th percentile; `from` and `to` in plot
 * units.
 */
export interface RttBin {
  readonly from: number;
  readonly to: number;
  readonly low: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly high: number;
}

/** At most this many bins across the plot, with at least this many traces each; else no bins. */
const maxBins = 96;
const minBins = 12;
const preferredBinSize = 6;
const minBinSize = 3;
/** A route holds if at least this many consecutive traces use it. */
const stableTraces = 3;

/** Traces per bin; null if there are too few traces for a band. */
function binSize(traces: number): number | null {
  const size = Math.max(preferredBinSize, Math.ceil(traces / maxBins));
  if (traces / size >= minBins) return size;
  return traces / minBinSize >= minBins ? minBinSize : null;
}

/**
 * Whether the change from `before` to `run` lasts: the earlier route held and does not return soon,
 * or the new one holds and was not in use just before. Load balancing among several new routes is a
 * change too; alternating routes are not.
 */
function isLastingChange(
  points: readonly PlacedPoint[],
  before: ValueRun<string>,
  run: ValueRun<string>,
): boolean {
  const isUsed = (from: number, to: number, variant: string): boolean =>
    points.slice(Math.max(0, from), to).some(({ point }) => point.variant === variant);
  const wasLeft = isStable(before) && !isUsed(run.first, run.first + stableTraces, before.value);
  const isNew = isStable(run) && !isUsed(run.first - stableTraces, run.first, run.value);
  return wasLeft || isNew;
}

function isStable(run: ValueRun<string>): boolean {
  return run.last - run.first + 1 >= stableTraces;
}

/** Stretches that no bin may cross: they end at gaps and at lasting changes of route. */
function findStretches({ points, variantRuns }: PlacedSeries): PlacedPoint[][] {
  const starts = variantRuns.flatMap((run, index) => {
    const before = variantRuns[index - 1];
    const continues =
      before !== undefined && isAdjoining(before, run) && !isLastingChange(points, before, run);
    return continues ? [] : [run.first];
  });
  return starts.map((start, index) => points.slice(start, starts[index + 1]));
}

/** A stretch cut into bins of about `size` traces, which differ by one at most. */
function splitStretch(stretch: readonly PlacedPoint[], size: number): PlacedPoint[][] {
  const parts = Math.max(1, Math.round(stretch.length / size));
  const bound = (part: number): number => Math.round((part * stretch.length) / parts);
  return Array.from({ length: parts }, (_, part) => stretch.slice(bound(part), bound(part + 1)));
}

function buildBin(traces: readonly PlacedPoint[]): RttBin | null {
  const sorted = sortedRtts(traces.map(({ point }) => point));
  if (sorted.length === 0) return null;
  return {
    from: traces[0]?.from ?? 0,
    to: Math.min(traces.at(-1)?.to ?? plotWidth, plotWidth),
    low: interpolatedQuantile(sorted, 0.1),
    q1: interpolatedQuantile(sorted, 0.25),
    median: interpolatedQuantile(sorted, 0.5),
    q3: interpolatedQuantile(sorted, 0.75),
    high: interpolatedQuantile(sorted, 0.9),
  };
}

/**
 * Bins of equal numbers of traces in the order of time; none crosses a gap or a lasting route
 * change. Empty if there are too few traces for a spread.
 */
export function rttBins(placed: PlacedSeries): RttBin[] {
  const size = binSize(placed.points.length);
  if (size === null) return [];
  return findStretches(placed)
    .flatMap((stretch) => splitStretch(stretch, size))
    .flatMap((traces) => buildBin(traces) ?? []);
}
