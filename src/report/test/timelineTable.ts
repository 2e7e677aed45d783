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

function rangeText(least: number, most: number): string {
  if (least > most) return unknownText;
  return least === most ? `${least}` : `${least}–${most}`;
}

/** The row of the points from `first` to `last`, both included. */
function row(series: readonly SeriesPoint[], first: number, last: number, at: number): TimelineRow {
  const letters: string[] = [];
  let [leastHops, mostHops] = [Number.POSITIVE_INFINITY, 0];
  let [leastMtu, mostMtu] = [Number.POSITIVE_INFINITY, 0];
  let missed = 0;
  for (let i = first; i <= last; i++) {
    const { variant, hops, pathMtu, reached } = series[i] as SeriesPoint;
    if (!letters.includes(variant)) letters.push(variant);
    if (hops < leastHops) leastHops = hops;
    if (hops > mostHops) mostHops = hops;
    if (pathMtu !== null && pathMtu < leastMtu) leastMtu = pathMtu;
    if (pathMtu !== null && pathMtu > mostMtu) mostMtu = pathMtu;
    if (!reached) missed += 1;
  }
  return {
    time: timeCell(at),
    traces: last - first + 1,
    missed,
    routes: letters.length > mostLetters ? `${letters.length} routes` : letters.join(' '),
    ...rttTexts(sortedRtts(series, first, last)),
    hops: rangeText(leastHops, mostHops),
    mtu: rangeText(leastMtu, mostMtu),
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
function rttTexts(sorted: ArrayLike<number>): Pick<TimelineRow, 'median' | 'range'> {
  const least = sorted[0] ?? null;
  const most = sorted[sorted.length - 1] ?? null;
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
  const stretch = (index: number) => Math.floor((series[index] as SeriesPoint).at / step);
  const rows: TimelineRow[] = [];
  for (let from = 0, to = 0; from < series.length; from = to) {
    const own = stretch(from);
    while (to < series.length && stretch(to) === own) to += 1;
    rows.push(row(series, from, to - 1, own * step));
  }
  return rows;
}
