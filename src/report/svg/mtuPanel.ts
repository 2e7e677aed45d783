import type { PlacedSeries } from './placedSeries.ts';
import { formatCoordinate, plotWidth, roundToTenth } from './timeAxis.ts';

/** Plot units from which a stretch carries its value; narrower on wide screens than on a phone. */
const labelWidth = 40;
const phoneLabelWidth = 110;
const minWidth = 2;

/** Path MTU over time: stretches of equal value. */
export interface MtuPanel {
  /** Stretches at the largest MTU seen, and below it. */
  readonly full: string;
  readonly reduced: string;
  /** `x` in percent of the plot. */
  readonly labels: readonly {
    readonly x: string;
    readonly label: string;
    readonly reduced: boolean;
    readonly minor: boolean;
  }[];
}

/** Stretches of known path MTU at the height `y` (centre line, pixels); null when no trace knows it. */
export function mtuPanel(placed: PlacedSeries, y: number): MtuPanel | null {
  const largest = placed.points.reduce((most, point) => Math.max(most, point.pathMtu ?? 0), 0);
  if (largest === 0) return null;
  let full = '';
  let reduced = '';
  const labels: MtuPanel['labels'][number][] = [];
  const closeStretch = (mtu: number, from: number, to: number): void => {
    const x0 = Math.min(from, plotWidth - minWidth);
    const x1 = roundToTenth(Math.max(to, x0 + minWidth));
    const d = `M${formatCoordinate(x0)} ${y}H${formatCoordinate(x1)}`;
    if (mtu === largest) full += d;
    else reduced += d;
    if (x1 - x0 < labelWidth) return;
    const minor = x1 - x0 < phoneLabelWidth;
    labels.push({
      x: `${formatCoordinate((x0 + x1) / 20)}%`,
      label: `${mtu}`,
      reduced: mtu < largest,
      minor,
    });
  };
  let openMtu: number | null = null;
  let from = 0;
  let to = Number.NaN;
  placed.points.forEach(({ pathMtu }, i) => {
    const start = placed.start[i] as number;
    if (openMtu !== null && (pathMtu !== openMtu || start !== to)) {
      closeStretch(openMtu, from, to);
      openMtu = null;
    }
    if (openMtu === null && pathMtu !== null) {
      openMtu = pathMtu;
      from = start;
    }
    to = placed.end[i] as number;
  });
  if (openMtu !== null) closeStretch(openMtu, from, to);
  return { full, reduced, labels };
}
