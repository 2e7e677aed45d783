import type { SeriesPoint } from '../../model/analysis.ts';
import { msCell, type TimeText, timeCell, unknownText } from '../format.ts';
import { sortedRtts } from '../svg/placedSeries.ts';

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

/** The least and the most of some values. */
interface Range {
  least: number;
  most: number;
}

function extend(range: Range, value: number): void {
  range.least = Math.min(range.least, value);
  range.most = Math.max(range.most, value);
}

const noRange: Range = { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY };

function rangeText({ least, most }: Range): string {
  if (least > most) return unknownText;
  return least === most ? `${least}` : `${least}–${most}`;
}

function row(points: readonly SeriesPoint[], at: number): TimelineRow {
  const rtts = sortedRtts(points, 0, points.length - 1);
  const letters = new Set<string>();
  const hops = { ...noRange };
  const mtu = { ...noRange };
  let missed = 0;
  for (const point of points) {
    letters.add(point.variant);
    extend(hops, point.hops);
    if (point.pathMtu !== null) extend(mtu, point.pathMtu);
    if (!point.reached) missed += 1;
  }
  return {
    time: timeCell(at),
    traces: points.length,
    missed,
    routes: letters.size > mostLetters ? `${letters.size} routes` : [...letters].join(' '),
    ...rttTexts(rtts),
    hops: rangeText(hops),
    mtu: rangeText(mtu),
  };
}

function singleRow({ at, variant, rttMs, reached, hops, pathMtu }: SeriesPoint): TimelineRow {
  const rtt = msCell(rttMs);
  return {
    time: timeCell(at),
    traces: 1,
    missed: reached ? 0 : 1,
    routes: variant,
    median: rtt,
    range: rtt,
    hops: `${hops}`,
    mtu: pathMtu === null ? unknownText : `${pathMtu}`,
  };
}

/** Median and range of ascending times. */
function rttTexts(sorted: Float64Array): Pick<TimelineRow, 'median' | 'range'> {
  const least = sorted[0] ?? null;
  const most = sorted.at(-1) ?? null;
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? null;
  const even = sorted.length % 2 === 0 && upper !== null;
  const median = msCell(even ? ((sorted[middle - 1] as number) + upper) / 2 : upper);
  return { median, range: least === most ? median : `${msCell(least)}–${msCell(most)}` };
}

/** The series as at most about 48 rows: one per trace while they are few, else one per round stretch of time (UTC). */
export function timelineRows(series: readonly SeriesPoint[]): TimelineRow[] {
  const first = series[0]?.at ?? 0;
  const last = series.at(-1)?.at ?? 0;
  if (series.length <= mostRows) return series.map(singleRow);
  const step = steps.find((size) => (last - first) / size < mostRows) ?? 168 * hour;
  const buckets = Map.groupBy(series, (point) => Math.floor(point.at / step) * step);
  return Array.from(buckets, ([at, points]) => row(points, at));
}
