import { type ScaleLinear, scaleLinear } from 'd3-scale';
import { lowerQuantile } from '../../model/values/statistics.ts';
import { formatCoordinate, plotWidth } from './coordinates.ts';
import { findRuns, type PlacedPoint, type PlacedSeries, sortedRtts } from './placedSeries.ts';
import { type RankedPath, rankedPaths, rankOf } from './rankedPaths.ts';
import { type RttBin, rttBins } from './rttBins.ts';
import { steppedLine } from './steppedLine.ts';

/** With more traces, single dots would only darken the band. */
const maxDots = 3000;
/**
 * Times above this quantile are outliers if they exceed it by this factor; the scale excludes them.
 */
const usualShare = 0.98;
const outlierFactor = 1.6;
/** About this many steps from one label of the scale to the next. */
const preferredSteps = 3;
/** Least height and least spread of the scale, ms and as a share of its top. */
const minTopMs = 0.1;
const minSpreadShare = 0.1;
/** The scale starts at zero unless all times lie above this share of its top. */
const upperHalf = 0.5;
/** Minimum width of the mark of a trace without a reply, in plot units. */
const minWidth = 1.5;
/** Height of the marks of traces above the scale, pixels. */
const aboveMarkHeight = 6;

/** A label of a scale; `y` in pixels from the top of the chart. */
export interface ScaleTick {
  readonly y: string;
  readonly label: string;
}

/** The round-trip times over time; `d` strings in plot units across and pixels down. */
export interface RttPanel {
  readonly ticks: readonly ScaleTick[];
  readonly grid: string;
  /**
   * The middle 80 %, the middle half, and the median of each bin; empty strings with few traces.
   */
  readonly range: string;
  readonly half: string;
  readonly median: string;
  /** One dot per trace, by variant. */
  readonly dots: readonly RankedPath[];
  /** Line through the traces if there are no bins. */
  readonly line: string;
  /** Marks at the upper edge for traces slower than the scale, and their number. */
  readonly above: string;
  readonly aboveCount: number;
  /** Stretches in which the destination did not reply. */
  readonly missed: string;
}

/** Upper and lower end of a panel, pixels from the top of the chart. */
export interface PanelExtent {
  readonly top: number;
  readonly bottom: number;
}

/** A trace that has a round-trip time. */
interface Dot extends Pick<PlacedPoint, 'from' | 'to'> {
  readonly rttMs: number;
  readonly variant: string;
}

/** Pixels of a round-trip time from the top of the chart, as a coordinate. */
type Height = (ms: number) => string;

/** Panel of the RTT to the destination, one color per variant rank. */
export function rttPanel(
  placed: PlacedSeries,
  ranks: ReadonlyMap<string, number>,
  extent: PanelExtent,
): RttPanel {
  const dots = placed.points.flatMap(({ point: { rttMs, variant }, from, to }): Dot[] =>
    rttMs === null ? [] : [{ rttMs, variant, from, to }],
  );
  const scale = rttScale(placed, extent);
  const [, highest = 0] = scale.domain();
  const above = dots.filter(({ rttMs }) => rttMs > highest);
  const within = dots.filter(({ rttMs }) => rttMs <= highest);
  const y: Height = (ms) => formatCoordinate(scale(ms));
  const bins = rttBins(placed);
  const values = scale.ticks(preferredSteps);
  const label = scale.tickFormat(preferredSteps);
  return {
    ticks: values.map((value) => ({ y: y(value), label: label(value) })),
    grid: values.map((value) => `M0 ${y(value)}H${plotWidth}`).join(''),
    ...bandPaths(bins, y),
    dots: placed.points.length <= maxDots ? dotPaths(within, ranks, y) : [],
    line: bins.length === 0 ? linePath(dots, y) : '',
    above: above.map(({ from }) => aboveMark(from, extent)).join(''),
    aboveCount: above.length,
    missed: missedPath(placed, extent),
  };
}

/**
 * Scale with round numbers at its ends. It starts at zero unless that would compress the data into
 * the upper half, and does not magnify a spread below a tenth of the value.
 */
function rttScale(
  { points }: PlacedSeries,
  { top, bottom }: PanelExtent,
): ScaleLinear<number, number> {
  const sorted = sortedRtts(points.map(({ point }) => point));
  const [least = 0] = sorted;
  const most = sorted.at(-1) ?? 1;
  const usual = sorted.length === 0 ? most : lowerQuantile(sorted, usualShare);
  const high = Math.max(Math.min(most, usual * outlierFactor), minTopMs);
  const low = least < high * upperHalf ? 0 : Math.min(least, high * (1 - minSpreadShare));
  return scaleLinear([low, high], [bottom, top]).nice(preferredSteps).clamp(true);
}

function bandPaths(
  bins: readonly RttBin[],
  y: Height,
): Pick<RttPanel, 'range' | 'half' | 'median'> {
  const box = ({ from, to }: RttBin, low: string, high: string): string =>
    `M${formatCoordinate(from)} ${low}V${high}H${formatCoordinate(to)}V${low}z`;
  return {
    range: bins.map((bin) => box(bin, y(bin.low), y(bin.high))).join(''),
    half: bins.map((bin) => box(bin, y(bin.q1), y(bin.q3))).join(''),
    median: steppedLine(bins.map(({ from, to, median }) => ({ from, to, y: y(median) }))),
  };
}

function dotPaths(
  dots: readonly Dot[],
  ranks: ReadonlyMap<string, number>,
  y: Height,
): RankedPath[] {
  const strokes = dots.map(({ rttMs, variant, from }) => ({
    rank: rankOf(variant, ranks),
    d: `M${formatCoordinate(from)} ${y(rttMs)}h0`,
  }));
  return rankedPaths(strokes);
}

function linePath(dots: readonly Dot[], y: Height): string {
  return dots
    .map(({ rttMs, from }, index) => {
      const command = dots[index - 1]?.to === from ? 'L' : 'M';
      return `${command}${formatCoordinate(from)} ${y(rttMs)}`;
    })
    .join('');
}

function aboveMark(x: number, { top }: PanelExtent): string {
  return `M${formatCoordinate(x)} ${top + aboveMarkHeight}V${top}`;
}

function missedPath({ points }: PlacedSeries, { top, bottom }: PanelExtent): string {
  return findRuns(points, ({ reached }) => reached)
    .filter(({ value: reached }) => !reached)
    .map(({ from, to }) => {
      const [x0, x1] = [formatCoordinate(from), formatCoordinate(Math.max(to, from + minWidth))];
      return `M${x0} ${top}H${x1}V${bottom}H${x0}z`;
    })
    .join('');
}
