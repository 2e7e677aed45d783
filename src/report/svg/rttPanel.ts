import { variantColours } from '../route/variantRank.ts';
import type { PlacedSeries } from './placedSeries.ts';
import { type RttBin, rttBins } from './rttBins.ts';
import { tenth } from './timeAxis.ts';
import { type ValueAxis, valueAxis } from './valueAxis.ts';
import type { RankedPath } from './variantBand.ts';

/** Beyond this the single traces would only darken the band. */
const mostDots = 3000;
/** A value this many times the 98th percentile is an outlier that must not flatten the rest. */
const outlierFactor = 1.6;
/** Ticks of traces without an answer are at least this wide, in plot units. */
const thinnest = 1.5;

/** The round-trip times over time; `d` strings in plot units across and pixels down. */
export interface RttPanel {
  readonly ticks: readonly { readonly y: number; readonly label: string }[];
  readonly grid: string;
  /** Middle four fifths, middle half, and median of each bin; empty strings with few traces. */
  readonly range: string;
  readonly half: string;
  readonly median: string;
  /** One dot per trace, by variant. */
  readonly dots: readonly RankedPath[];
  /** Line through the traces where there are no bins. */
  readonly line: string;
  /** Marks at the upper edge of traces that were slower than the scale, and how many. */
  readonly above: string;
  readonly aboveCount: number;
  /** Stretches in which the destination did not answer. */
  readonly missed: string;
}

/** Where the panel stands in the chart, pixels from the top. */
export interface Extent {
  readonly top: number;
  readonly bottom: number;
}

function scaleOf(placed: PlacedSeries): ValueAxis {
  const values = placed.points.flatMap((point) => (point.rttMs === null ? [] : [point.rttMs]));
  const sorted = Float64Array.from(values).sort();
  const high = sorted[sorted.length - 1] ?? 1;
  const usual = sorted[Math.floor((sorted.length - 1) * 0.98)] ?? 1;
  return valueAxis(sorted[0] ?? 0, Math.min(high, usual * outlierFactor), 3);
}

function bandPaths(bins: readonly RttBin[], y: (ms: number) => number) {
  let range = '';
  let half = '';
  let median = '';
  let end = Number.NaN;
  for (const bin of bins) {
    range += `M${bin.x0} ${y(bin.low)}V${y(bin.high)}H${bin.x1}V${y(bin.low)}z`;
    half += `M${bin.x0} ${y(bin.q1)}V${y(bin.q3)}H${bin.x1}V${y(bin.q1)}z`;
    median +=
      bin.x0 === end ? `V${y(bin.median)}H${bin.x1}` : `M${bin.x0} ${y(bin.median)}H${bin.x1}`;
    end = bin.x1;
  }
  return { range, half, median };
}

function linePath(placed: PlacedSeries, y: (ms: number) => number): string {
  let line = '';
  let connected = false;
  placed.points.forEach((point, i) => {
    const joins = connected && i > 0 && placed.end[i - 1] === placed.start[i];
    connected = point.rttMs !== null;
    if (point.rttMs !== null) line += `${joins ? 'L' : 'M'}${placed.start[i]} ${y(point.rttMs)}`;
  });
  return line;
}

function missedPath(placed: PlacedSeries, { top, bottom }: Extent): string {
  let missed = '';
  let from = Number.NaN;
  let to = Number.NaN;
  const close = (): void => {
    if (from <= to)
      missed += `M${from} ${top}H${tenth(Math.max(to, from + thinnest))}V${bottom}H${from}z`;
  };
  placed.points.forEach((point, i) => {
    if (point.reached) return;
    const start = placed.start[i] as number;
    if (start !== to) {
      close();
      from = start;
    }
    to = placed.end[i] as number;
  });
  close();
  return missed;
}

/** Panel of the RTT to the destination, one colour per variant rank. */
export function rttPanel(
  placed: PlacedSeries,
  ranks: ReadonlyMap<string, number>,
  extent: Extent,
): RttPanel {
  const axis = scaleOf(placed);
  const height = extent.bottom - extent.top;
  const scale = height / (axis.high - axis.low);
  const y = (ms: number): number =>
    tenth(Math.max(extent.top, extent.bottom - (ms - axis.low) * scale));
  const bins = rttBins(placed);
  const paths: string[] = Array(variantColours).fill('');
  let above = '';
  let aboveCount = 0;
  placed.points.forEach(({ rttMs, variant }, i) => {
    if (rttMs === null) return;
    if (rttMs > axis.high) {
      above += `M${placed.start[i]} ${extent.top + 6}V${extent.top}`;
      aboveCount += 1;
    } else if (placed.points.length <= mostDots) {
      paths[ranks.get(variant) ?? variantColours - 1] += `M${placed.start[i]} ${y(rttMs)}h0`;
    }
  });
  return {
    ticks: axis.ticks.map(({ value, label }) => ({ y: y(value), label })),
    grid: axis.ticks.map(({ value }) => `M0 ${y(value)}H1000`).join(''),
    ...bandPaths(bins, y),
    dots: paths.flatMap((d, rank) => (d === '' ? [] : [{ rank, d }])),
    line: bins.length === 0 ? linePath(placed, y) : '',
    above,
    aboveCount,
    missed: missedPath(placed, extent),
  };
}
