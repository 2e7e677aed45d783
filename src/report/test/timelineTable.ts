import type { SeriesPoint } from '../../model/analysis.ts';
import { msCell, type TimeText, timeCell, unknownText } from '../format.ts';

/** What the chart shows in one stretch of time, as a row of text. */
export interface TimelineRow {
  readonly time: TimeText;
  readonly traces: number;
  readonly missed: number;
  readonly routes: string;
  readonly median: string;
  readonly range: string;
  readonly hops: string;
  readonly mtu: string;
}

const mostRows = 48;
const hour = 3600;
const steps = [hour, 3 * hour, 6 * hour, 12 * hour, 24 * hour, 48 * hour, 168 * hour];

/** Letters of a row; a restless route has too many to name. */
const mostLetters = 6;

function span(values: readonly number[], text: (value: number) => string): string {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (values.length === 0) return unknownText;
  return low === high ? text(low) : `${text(low)}–${text(high)}`;
}

function row(points: readonly SeriesPoint[], at: number): TimelineRow {
  const rtts = points.flatMap(({ rttMs }) => (rttMs === null ? [] : [rttMs]));
  const sorted = rtts.sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? null;
  const even = sorted.length % 2 === 0 && upper !== null;
  const letters = [...new Set(points.map(({ variant }) => variant))];
  const mtus = points.flatMap(({ pathMtu }) => (pathMtu === null ? [] : [pathMtu]));
  return {
    time: timeCell(at),
    traces: points.length,
    missed: points.filter(({ reached }) => !reached).length,
    routes: letters.length > mostLetters ? `${letters.length} routes` : letters.join(' '),
    median: msCell(even ? ((sorted[middle - 1] as number) + upper) / 2 : upper),
    range: span(sorted, msCell),
    hops: span(
      points.map(({ hops }) => hops),
      String,
    ),
    mtu: span(mtus, String),
  };
}

/** The series as at most about 48 rows: one per trace while they are few, else one per round stretch of time (UTC). */
export function timelineRows(series: readonly SeriesPoint[]): TimelineRow[] {
  const first = series[0]?.at ?? 0;
  const last = series.at(-1)?.at ?? 0;
  if (series.length <= mostRows) return series.map((point) => row([point], point.at));
  const step = steps.find((size) => (last - first) / size < mostRows) ?? 168 * hour;
  const buckets = Map.groupBy(series, (point) => Math.floor(point.at / step) * step);
  return Array.from(buckets, ([at, points]) => row(points, at));
}
