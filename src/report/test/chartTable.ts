import { extent } from 'd3-array';
import type { SeriesPoint } from '../../model/site/analysis.ts';
import { formatMsCell, type TimeText, timeCell, unknownText } from '../../model/values/format.ts';
import { median } from '../../model/values/statistics.ts';
import { hourSeconds } from '../../model/values/time.ts';
import { sortedRtts } from '../svg/placedSeries.ts';

/** The values of the chart in one time span, as a row of text. */
export interface ChartTableRow {
  readonly time: TimeText;
  readonly traces: number;
  readonly missed: number;
  readonly routes: string;
  readonly median: string;
  readonly range: string;
  readonly hops: string;
  readonly mtu: string;
}

const maxRows = 48;
const steps = [
  hourSeconds,
  3 * hourSeconds,
  6 * hourSeconds,
  12 * hourSeconds,
  24 * hourSeconds,
  48 * hourSeconds,
  168 * hourSeconds,
];

/** Maximum number of letters in a row; a flapping route has too many to list. */
const maxLetters = 6;

function rangeText([least, most]: [number, number] | [undefined, undefined]): string {
  if (least === undefined) return unknownText;
  return least === most ? `${least}` : `${least}–${most}`;
}

/** The row of the points in one time span, which starts at `at`. */
function spanRow(points: readonly SeriesPoint[], at: number): ChartTableRow {
  const letters = [...new Set(points.map(({ variant }) => variant))];
  return {
    time: timeCell(at),
    traces: points.length,
    missed: points.filter(({ reached }) => !reached).length,
    routes: letters.length > maxLetters ? `${letters.length} routes` : letters.join(' '),
    ...rttTexts(sortedRtts(points)),
    hops: rangeText(extent(points, ({ hops }) => hops)),
    mtu: rangeText(extent(points, ({ pathMtu }) => pathMtu)),
  };
}

function singleRow({ at, variant, rttMs, reached, hops, pathMtu }: SeriesPoint): ChartTableRow {
  const rtt = formatMsCell(rttMs);
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

/** Median and range of sorted times. */
function rttTexts(sorted: Float64Array): Pick<ChartTableRow, 'median' | 'range'> {
  const least = sorted[0] ?? null;
  const most = sorted[sorted.length - 1] ?? null;
  const middle = formatMsCell(median(sorted));
  return {
    median: middle,
    range: least === most ? middle : `${formatMsCell(least)}–${formatMsCell(most)}`,
  };
}

/**
 * The series as about 48 rows at most: one per trace if there are few, else one per time span
 * (UTC).
 */
export function chartTableRows(series: readonly SeriesPoint[]): ChartTableRow[] {
  const first = series[0]?.at ?? 0;
  const last = series.at(-1)?.at ?? 0;
  if (series.length <= maxRows) return series.map(singleRow);
  const step = steps.find((size) => (last - first) / size < maxRows) ?? 168 * hourSeconds;
  const spanOf = (index: number) => Math.floor((series[index] as SeriesPoint).at / step);
  const rows: ChartTableRow[] = [];
  for (let from = 0, to = 0; from < series.length; from = to) {
    const current = spanOf(from);
    while (to < series.length && spanOf(to) === current) to += 1;
    rows.push(spanRow(series.slice(from, to), current * step));
  }
  return rows;
}
