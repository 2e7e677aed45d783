import { pairs } from 'd3-array';
import type { SeriesPoint } from '../../model/site/analysis.ts';
import { isOverdue } from '../../model/test/overdue.ts';
import { sortAscending, upperMedian } from '../../model/values/statistics.ts';
import type { TimeAxis } from './timeAxis.ts';

/** A point and where it holds: from its own moment to the next point or gap, in plot units. */
export interface PlacedPoint {
  readonly point: SeriesPoint;
  readonly from: number;
  readonly to: number;
}

/** Consecutive points of equal value without a gap between them. */
export interface ValueRun<Value> {
  readonly value: Value;
  /** Indexes into the series, both included. */
  readonly first: number;
  readonly last: number;
  /** Plot units. */
  readonly from: number;
  readonly to: number;
}

/** A series on the time axis. */
export interface PlacedSeries {
  readonly points: readonly PlacedPoint[];
  readonly variantRuns: readonly ValueRun<string>[];
}

/** Places every point: it holds until the next one, or for one interval if results are missing. */
export function placeSeries(
  series: readonly SeriesPoint[],
  axis: Pick<TimeAxis, 'to' | 'x'>,
  intervalSeconds: number | null,
): PlacedSeries {
  const interval = intervalSeconds ?? medianSpacing(series);
  const points = series.map((point, index) => {
    const next = series[index + 1];
    const isLast = next === undefined || isOverdue(next.at - point.at, interval);
    const end = isLast ? Math.min(point.at + interval, axis.to) : next.at;
    return { point, from: axis.x(point.at), to: axis.x(end) };
  });
  return { points, variantRuns: findRuns(points, ({ variant }) => variant) };
}

/** Median spacing of the points in seconds; 0 below two points. */
function medianSpacing(series: readonly SeriesPoint[]): number {
  return upperMedian(pairs(series, (point, next) => next.at - point.at)) ?? 0;
}

/** The runs of a value, in the order of time. */
export function findRuns<Value>(
  points: readonly PlacedPoint[],
  read: (point: SeriesPoint) => Value,
): ValueRun<Value>[] {
  const runs: { -readonly [Key in keyof ValueRun<Value>]: ValueRun<Value>[Key] }[] = [];
  points.forEach(({ point, from, to }, index) => {
    const value = read(point);
    const current = runs.at(-1);
    if (current !== undefined && current.value === value && current.to === from) {
      current.last = index;
      current.to = to;
    } else {
      runs.push({ value, first: index, last: index, from, to });
    }
  });
  return runs;
}

/** Whether `run` follows `before` without a gap. */
export function isAdjoining<Value>(
  before: ValueRun<Value> | undefined,
  run: ValueRun<Value>,
): boolean {
  return before?.to === run.from;
}

/** Round-trip times of some points, ascending, ms. */
export function sortedRtts(points: readonly SeriesPoint[]): Float64Array {
  return sortAscending(points.flatMap(({ rttMs }) => rttMs ?? []));
}
