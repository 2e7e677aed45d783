import type { SeriesPoint } from '../../model/analysis.ts';
import { isOverdue } from '../../model/overdue.ts';
import { upperMedian } from '../../model/statistics.ts';
import { plotX, type TimeAxis } from './timeAxis.ts';

/** Consecutive points of one variant without a gap between them; indices into the series, both included. */
export interface VariantRun {
  readonly first: number;
  readonly last: number;
  readonly variant: string;
}

/** A series with the place of each point on the time axis. */
export interface PlacedSeries {
  readonly points: readonly SeriesPoint[];
  /** Plot units where each point begins to hold, and where the next one (or a gap) takes over. */
  readonly start: readonly number[];
  readonly end: readonly number[];
  readonly variantRuns: readonly VariantRun[];
}

/** Median spacing of the points in seconds; 0 below two points. */
function medianSpacingSeconds(points: readonly SeriesPoint[]): number {
  const gaps = points.slice(1).map(({ at }, i) => at - (points[i] as SeriesPoint).at);
  return upperMedian(gaps) ?? 0;
}

/** Places every point: it holds until the next one, or for one interval where results are missing. */
export function placeSeries(
  points: readonly SeriesPoint[],
  axis: Pick<TimeAxis, 'from' | 'to'>,
  intervalSeconds: number | null,
): PlacedSeries {
  const interval = intervalSeconds ?? medianSpacingSeconds(points);
  const start: number[] = [];
  const end: number[] = [];
  const variantRuns: VariantRun[] = [];
  let first = 0;
  points.forEach((point, i) => {
    start.push(plotX(axis, point.at));
    const next = points[i + 1];
    const gap = next === undefined || isOverdue(next.at - point.at, interval);
    end.push(plotX(axis, gap ? Math.min(point.at + interval, axis.to) : next.at));
    if (gap || next.variant !== point.variant) {
      variantRuns.push({ first, last: i, variant: point.variant });
      first = i + 1;
    }
  });
  return { points, start, end, variantRuns };
}

/** Whether the run at `index` follows the one before it without a gap. */
export function isAdjoining(placed: PlacedSeries, index: number): boolean {
  const before = placed.variantRuns[index - 1];
  const run = placed.variantRuns[index];
  return (
    before !== undefined && run !== undefined && placed.end[before.last] === placed.start[run.first]
  );
}

/** Round-trip times of the points from `first` to `last`, both included, ascending, ms. */
export function sortedRtts(
  points: readonly SeriesPoint[],
  first: number,
  last: number,
): Float64Array {
  const values: number[] = [];
  for (let i = first; i <= last; i++) {
    const { rttMs } = points[i] as SeriesPoint;
    if (rttMs !== null) values.push(rttMs);
  }
  return Float64Array.from(values).sort();
}
