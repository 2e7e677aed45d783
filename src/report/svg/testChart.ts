import type { TestAnalysis } from '../../model/analysis.ts';
import { type HopPanel, hopPanel } from './hopPanel.ts';
import { type MtuPanel, mtuPanel } from './mtuPanel.ts';
import { placeSeries } from './placedSeries.ts';
import { type RttPanel, rttPanel } from './rttPanel.ts';
import { plotX, type TimeTick, timeAxis } from './timeAxis.ts';
import { type VariantBand, variantBand } from './variantBand.ts';

/** Heights in pixels from the top of the chart. Strip titles stand above the labels of their scale. */
const band = { y: 22, tickTop: 2, tickBottom: 9 };
const rtt = { top: 64, bottom: 194 };
const hops = { top: 232, bottom: 260 };
const mtuY = 286;
const titleRise = 16;

/** The chart of one test on one time axis: route variants, RTT, hop count, path MTU. */
export interface TestChart {
  readonly from: number;
  readonly to: number;
  readonly height: number;
  /** Lower end of the strips, where the time labels begin. */
  readonly floor: number;
  readonly ticks: readonly TimeTick[];
  readonly grid: string;
  readonly band: VariantBand & { readonly y: number };
  readonly rtt: RttPanel & { readonly titleY: number };
  readonly hops: HopPanel & { readonly titleY: number };
  readonly mtu: (MtuPanel & { readonly y: number }) | null;
  /** Marks of runs that the archive reports as failed. */
  readonly failed: string;
}

/**
 * Geometry of a test's chart; null without a trace. Coordinates are plot units (0 to 1000) across and pixels down.
 */
export function testChart(
  analysis: TestAnalysis,
  ranks: ReadonlyMap<string, number>,
): TestChart | null {
  const { series, failures } = analysis;
  const first = series[0];
  const last = series.at(-1);
  if (first === undefined || last === undefined) return null;
  const moments = failures.map((failure) => failure.at);
  const axis = timeAxis(
    moments.reduce((least, at) => Math.min(least, at), first.at),
    moments.reduce((most, at) => Math.max(most, at), last.at),
  );
  const placed = placeSeries(series, axis, analysis.test.intervalSeconds);
  const mtu = mtuPanel(placed, mtuY);
  const floor = mtu === null ? hops.bottom + 8 : mtuY + 12;
  return {
    from: axis.from,
    to: axis.to,
    height: floor + 20,
    floor,
    ticks: axis.ticks,
    grid: axis.grid.map((x) => `M${x} ${rtt.top}V${floor}`).join(''),
    band: { ...variantBand(placed, ranks, band), y: band.y },
    rtt: { ...rttPanel(placed, ranks, rtt), titleY: rtt.top - titleRise },
    hops: { ...hopPanel(placed, hops), titleY: hops.top - titleRise },
    mtu: mtu && { ...mtu, y: mtuY },
    failed: moments.map((at) => `M${plotX(axis, at)} ${rtt.bottom}v6`).join(''),
  };
}
