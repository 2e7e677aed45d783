import type { SeriesPoint } from '../../model/analysis.ts';
import type { PlacedSeries } from './placedSeries.ts';
import type { PanelExtent, ScaleTick } from './rttPanel.ts';
import { formatCoordinate } from './timeAxis.ts';

/** Hop count over time as a stepped line. */
export interface HopPanel {
  readonly line: string;
  /** The least and the most hops; one label when they are equal. */
  readonly ticks: readonly ScaleTick[];
}

/** Steps of the hop count; gaps stay gaps. */
export function hopPanel(placed: PlacedSeries, { top, bottom }: PanelExtent): HopPanel {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const { hops } of placed.points) {
    low = Math.min(low, hops);
    high = Math.max(high, hops);
  }
  const y = (hops: number): string =>
    formatCoordinate(
      high === low ? (top + bottom) / 2 : bottom - ((hops - low) / (high - low)) * (bottom - top),
    );
  const values = high === low ? [low] : [low, high];
  return {
    line: stepPath(placed, (point) => y(point.hops)),
    ticks: values.map((value) => ({ y: y(value), label: `${value}` })),
  };
}

/** A stepped line that writes a coordinate only where the value or the connection changes. */
function stepPath({ points, start, end }: PlacedSeries, y: (point: SeriesPoint) => string): string {
  let d = '';
  let lineEnd = Number.NaN;
  let height = '';
  points.forEach((point, i) => {
    const next = y(point);
    const from = start[i] as number;
    if (from !== lineEnd) {
      if (d !== '') d += `H${formatCoordinate(lineEnd)}`;
      d += `M${formatCoordinate(from)} ${next}`;
    } else if (next !== height) {
      d += `H${formatCoordinate(from)}V${next}`;
    }
    lineEnd = end[i] as number;
    height = next;
  });
  return d === '' ? d : `${d}H${formatCoordinate(lineEnd)}`;
}
