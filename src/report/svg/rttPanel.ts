import { variantColors } from '../route/variantRank.ts';
import { type PlacedSeries, sortedRtts } from './placedSeries.ts';
import { type RttBin, rttBins } from './rttBins.ts';
import { formatCoordinate } from './timeAxis.ts';
import { type ValueAxis, valueAxis } from './valueAxis.ts';
import type { RankedPath } from './variantBand.ts';

/** Beyond this the single traces would only darken the band. */
const maxDots = 3000;
/** A value this many times the 98th percentile is an outlier that must not flatten the rest. */
const outlierFactor = 1.6;
/** Ticks of traces without an answer are at least this wide, in plot units. */
const minWidth = 1.5;

/** A label of a scale; `y` in pixels from the top of the chart. */
export interface ScaleTick {
  readonly y: string;
  readonly label: string;
}

/** The round-trip times over time; `d` strings in plot units across and pixels down. */
export interface RttPanel {
  readonly ticks: readonly ScaleTick[];
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
export interface PanelExtent {
  readonly top: number;
  readonly bottom: number;
}

function rttScale({ points }: PlacedSeries): ValueAxis {
  const sorted = sortedRtts(points, 0, points.length - 1);
  const high = sorted[sorted.length - 1] ?? 1;
  const usual = sorted[Math.floor((sorted.length - 1) * 0.98)] ?? 1;
  return valueAxis(sorted[0] ?? 0, Math.min(high, usual * outlierFactor), 3);
}

/** Pixels of a round-trip time from the top of the chart, as a coordinate. */
type Height = (ms: number) => string;

function bandPaths(bins: readonly RttBin[], y: Height) {
  let range = '';
  let half = '';
  let median = '';
  let end = Number.NaN;
  for (const bin of bins) {
    const [x0, x1] = [formatCoordinate(bin.x0), formatCoordinate(bin.x1)];
    const [low, q1, q3] = [y(bin.low), y(bin.q1), y(bin.q3)];
    range += `M${x0} ${low}V${y(bin.high)}H${x1}V${low}z`;
    half += `M${x0} ${q1}V${q3}H${x1}V${q1}z`;
    median += bin.x0 === end ? `V${y(bin.median)}H${x1}` : `M${x0} ${y(bin.median)}H${x1}`;
    end = bin.x1;
  }
  return { range, half, median };
}

function linePath({ points, start, end }: PlacedSeries, y: Height): string {
  let line = '';
  let connected = false;
  points.forEach(({ rttMs }, i) => {
    const joins = connected && i > 0 && end[i - 1] === start[i];
    connected = rttMs !== null;
    if (rttMs !== null)
      line += `${joins ? 'L' : 'M'}${formatCoordinate(start[i] as number)} ${y(rttMs)}`;
  });
  return line;
}

function missedPath(placed: PlacedSeries, { top, bottom }: PanelExtent): string {
  let missed = '';
  let from = Number.NaN;
  let to = Number.NaN;
  const closeStretch = (): void => {
    if (!(from <= to)) return;
    const [x0, x1] = [formatCoordinate(from), formatCoordinate(Math.max(to, from + minWidth))];
    missed += `M${x0} ${top}H${x1}V${bottom}H${x0}z`;
  };
  placed.points.forEach((point, i) => {
    if (point.reached) return;
    const start = placed.start[i] as number;
    if (start !== to) {
      closeStretch();
      from = start;
    }
    to = placed.end[i] as number;
  });
  closeStretch();
  return missed;
}

/** Panel of the RTT to the destination, one colour per variant rank. */
export function rttPanel(
  placed: PlacedSeries,
  ranks: ReadonlyMap<string, number>,
  extent: PanelExtent,
): RttPanel {
  const axis = rttScale(placed);
  const height = extent.bottom - extent.top;
  const scale = height / (axis.high - axis.low);
  const y: Height = (ms) =>
    formatCoordinate(Math.max(extent.top, extent.bottom - (ms - axis.low) * scale));
  const bins = rttBins(placed);
  const paths: string[] = Array(variantColors).fill('');
  let above = '';
  let aboveCount = 0;
  placed.points.forEach(({ rttMs, variant }, i) => {
    if (rttMs === null) return;
    if (rttMs > axis.high) {
      above += `M${formatCoordinate(placed.start[i] as number)} ${extent.top + 6}V${extent.top}`;
      aboveCount += 1;
    } else if (placed.points.length <= maxDots) {
      paths[ranks.get(variant) ?? variantColors - 1] +=
        `M${formatCoordinate(placed.start[i] as number)} ${y(rttMs)}h0`;
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
