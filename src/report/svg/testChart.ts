import { extent } from 'd3-array';
import type { TestAnalysis } from '../../model/site/analysis.ts';
import { type HopPanel, hopPanel } from './hopPanel.ts';
import { type MtuPanel, mtuPanel } from './mtuPanel.ts';
import { placeSeries } from './placedSeries.ts';
import { type RttPanel, rttPanel } from './rttPanel.ts';
import { type TimeTick, timeAxis } from './timeAxis.ts';
import { type VariantBand, variantBand } from './variantBand.ts';

/**
 * Heights in pixels from the top of the chart. Titles of panels are above the labels of their
 * scale.
 */
const band = { y: 22, tickTop: 2, tickBottom: 9 };
const rtt = { top: 64, bottom: 194 };
const hops = { top: 232, bottom: 260 };
const mtuY = 286;
const titleRise = 16;
/** Pixels below the last panel, and below the floor for the labels of the time axis. */
const hopsMargin = 8;
const mtuMargin = 12;
const timeLabelHeight = 20;
/** Pixels from the RTT panel down to the end of the mark of a failed measurement. */
const failedMarkHeight = 6;

/** The chart of one test on one time axis: route variants, RTT, hop count, path MTU. */
export interface TestChart {
  readonly from: number;
  readonly to: number;
  readonly height: number;
  /** Lower end of the panels, where the time labels begin. */
  readonly floor: number;
  readonly ticks: readonly TimeTick[];
  readonly grid: string;
  readonly band: VariantBand & { readonly y: number };
  readonly rtt: RttPanel & { readonly titleY: number };
  readonly hops: HopPanel & { readonly titleY: number };
  readonly mtu: (MtuPanel & { readonly y: number }) | null;
  /** Marks of measurements that the archive reports as failed. */
  readonly failed: string;
}

/** The part of an analysis that the chart shows. */
export interface ChartInput extends Pick<TestAnalysis, 'series'> {
  readonly failures: readonly { readonly at: number }[];
  readonly test: { readonly intervalSeconds: number | null };
}

/**
 * Geometry of a test's chart; null without a trace. Coordinates are plot units (0 to 1000) across
 * and pixels down.
 */
export function testChart(
  analysis: ChartInput,
  ranks: ReadonlyMap<string, number>,
): TestChart | null {
  const { series, failures } = analysis;
  if (series.length === 0) return null;
  const failedAt = failures.map(({ at }) => at);
  const [first = 0, last = 0] = extent([...series.map(({ at }) => at), ...failedAt]);
  const axis = timeAxis(first, last);
  const placed = placeSeries(series, axis, analysis.test.intervalSeconds);
  const mtu = mtuPanel(placed, mtuY);
  const floor = mtu === null ? hops.bottom + hopsMargin : mtuY + mtuMargin;
  return {
    from: axis.from,
    to: axis.to,
    height: floor + timeLabelHeight,
    floor,
    ticks: axis.ticks,
    grid: axis.grid.map((x) => `M${x} ${rtt.top}V${floor}`).join(''),
    band: { ...variantBand(placed, ranks, band), y: band.y },
    rtt: { ...rttPanel(placed, ranks, rtt), titleY: rtt.top - titleRise },
    hops: { ...hopPanel(placed, hops), titleY: hops.top - titleRise },
    mtu: mtu && { ...mtu, y: mtuY },
    failed: failedAt.map((at) => `M${axis.x(at)} ${rtt.bottom}v${failedMarkHeight}`).join(''),
  };
}
