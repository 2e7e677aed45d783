import { extent } from 'd3-array';
import { scaleLinear } from 'd3-scale';
import { formatCoordinate } from './coordinates.ts';
import { findRuns, type PlacedSeries } from './placedSeries.ts';
import type { PanelExtent, ScaleTick } from './rttPanel.ts';
import { steppedLine } from './steppedLine.ts';

/** Hop count over time as a stepped line. */
export interface HopPanel {
  readonly line: string;
  /** The least and the most hops; one label when they are equal. */
  readonly ticks: readonly ScaleTick[];
}

/** Steps of the hop count; gaps stay gaps. */
export function hopPanel({ points }: PlacedSeries, { top, bottom }: PanelExtent): HopPanel {
  const [least = 0, most = 0] = extent(points, ({ point }) => point.hops);
  const scale = scaleLinear([least, most], [bottom, top]);
  const y = (hops: number): string => formatCoordinate(scale(hops));
  const runs = findRuns(points, ({ hops }) => hops);
  return {
    line: steppedLine(runs.map(({ from, to, value }) => ({ from, to, y: y(value) }))),
    ticks: [...new Set([least, most])].map((hops) => ({ y: y(hops), label: `${hops}` })),
  };
}
