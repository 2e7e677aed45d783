import type { PlacedSeries } from './placedSeries.ts';
import { coordinate, plotWidth, tenth } from './timeAxis.ts';

/** Plot units from which a stretch carries its value; narrower on wide screens than on a phone. */
const labelWidth = 40;
const phoneLabelWidth = 110;
const thinnest = 2;

/** Path MTU over time: stretches of equal value. */
export interface MtuStrip {
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
export function mtuStrip(placed: PlacedSeries, y: number): MtuStrip | null {
  const largest = placed.points.reduce((most, point) => Math.max(most, point.pathMtu ?? 0), 0);
  if (largest === 0) return null;
  let full = '';
  let reduced = '';
  const labels: MtuStrip['labels'][number][] = [];
  const close = (mtu: number, from: number, to: number): void => {
    const x0 = Math.min(from, plotWidth - thinnest);
    const x1 = tenth(Math.max(to, x0 + thinnest));
    const d = `M${coordinate(x0)} ${y}H${coordinate(x1)}`;
    if (mtu === largest) full += d;
    else reduced += d;
    if (x1 - x0 < labelWidth) return;
    const minor = x1 - x0 < phoneLabelWidth;
    labels.push({
      x: `${coordinate((x0 + x1) / 20)}%`,
      label: `${mtu}`,
      reduced: mtu < largest,
      minor,
    });
  };
  let open: number | null = null;
  let from = 0;
  let to = Number.NaN;
  placed.points.forEach(({ pathMtu }, i) => {
    const start = placed.start[i] as number;
    if (open !== null && (pathMtu !== open || start !== to)) {
      close(open, from, to);
      open = null;
    }
    if (open === null && pathMtu !== null) {
      open = pathMtu;
      from = start;
    }
    to = placed.end[i] as number;
  });
  if (open !== null) close(open, from, to);
  return { full, reduced, labels };
}
