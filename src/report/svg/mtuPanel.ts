import { max } from 'd3-array';
import { formatCoordinate, percentOfPlot, plotWidth } from './coordinates.ts';
import { findRuns, type PlacedSeries } from './placedSeries.ts';

/**
 * Width in plot units from which a stretch shows its value; the smaller one for wide screens, the
 * larger one for phones.
 */
const labelWidth = 40;
const phoneLabelWidth = 110;
const minWidth = 2;

/** Path MTU over time: stretches of equal value. */
export interface MtuPanel {
  /** Stretches at the largest MTU seen, and below it. */
  readonly full: string;
  readonly reduced: string;
  readonly labels: readonly MtuLabel[];
}

interface MtuLabel {
  /** Percent of the plot's width, as an SVG length. */
  readonly x: string;
  readonly label: string;
  readonly reduced: boolean;
  /** Hidden if there is little room. */
  readonly minor: boolean;
}

/**
 * Stretches of known path MTU at the height `y` (center line, pixels); null if no trace has one.
 */
export function mtuPanel({ points }: PlacedSeries, y: number): MtuPanel | null {
  const largest = max(points, ({ point }) => point.pathMtu ?? 0) ?? 0;
  if (largest === 0) return null;
  const paths = { full: '', reduced: '' };
  const labels: MtuLabel[] = [];
  for (const { value: mtu, from, to } of findRuns(points, ({ pathMtu }) => pathMtu)) {
    if (mtu === null) continue;
    const x0 = Math.min(from, plotWidth - minWidth);
    const x1 = Math.max(to, x0 + minWidth);
    const reduced = mtu < largest;
    paths[reduced ? 'reduced' : 'full'] += `M${formatCoordinate(x0)} ${y}H${formatCoordinate(x1)}`;
    const minor = x1 - x0 < phoneLabelWidth;
    const x = percentOfPlot((x0 + x1) / 2);
    if (x1 - x0 >= labelWidth) labels.push({ x, label: `${mtu}`, reduced, minor });
  }
  return { ...paths, labels };
}
