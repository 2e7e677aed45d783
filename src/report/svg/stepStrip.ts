import type { SeriesPoint } from '../../model/analysis.ts';
import type { PlacedSeries } from './placedSeries.ts';
import type { Extent } from './rttPanel.ts';
import { tenth } from './timeAxis.ts';

/** Hop count over time as a stepped line. */
export interface HopStrip {
  readonly line: string;
  /** The least and the most hops; one label when they are equal. */
  readonly ticks: readonly { readonly y: number; readonly label: string }[];
}

/** Steps of the hop count; gaps stay gaps. */
export function hopStrip(placed: PlacedSeries, { top, bottom }: Extent): HopStrip {
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const { hops } of placed.points) {
    low = Math.min(low, hops);
    high = Math.max(high, hops);
  }
  const y = (hops: number): number =>
    high === low
      ? (top + bottom) / 2
      : tenth(bottom - ((hops - low) / (high - low)) * (bottom - top));
  const values = high === low ? [low] : [low, high];
  return {
    line: stepPath(placed, (point) => y(point.hops)),
    ticks: values.map((value) => ({ y: y(value), label: `${value}` })),
  };
}

/** A stepped line that writes a coordinate only where the value or the connection changes. */
function stepPath(placed: PlacedSeries, y: (point: SeriesPoint) => number): string {
  let d = '';
  let end = Number.NaN;
  let height = Number.NaN;
  placed.points.forEach((point, i) => {
    const next = y(point);
    const start = placed.start[i] as number;
    if (start !== end) {
      if (d !== '') d += `H${end}`;
      d += `M${start} ${next}`;
    } else if (next !== height) {
      d += `H${start}V${next}`;
    }
    end = placed.end[i] as number;
    height = next;
  });
  return d === '' ? d : `${d}H${end}`;
}
