import { variantColors } from '../route/variantRank.ts';
import { isAdjoining, type PlacedSeries } from './placedSeries.ts';
import { formatCoordinate, plotWidth } from './timeAxis.ts';

/** Widths in plot units: a segment is never thinner, and carries its letter from here on; on a phone from there on. */
const minWidth = 2;
const letterWidth = 20;
const phoneLetterWidth = 50;

/** One path in the colour of a variant rank. */
export interface RankedPath {
  readonly rank: number;
  readonly d: string;
}

/** The band of route variants: which route was in use when. */
export interface VariantBand {
  /** Most common rank first, so that the rare ones are drawn above it. */
  readonly segments: readonly RankedPath[];
  /** `x` in percent of the plot. */
  readonly letters: readonly {
    readonly x: string;
    readonly letter: string;
    readonly rank: number;
    readonly minor: boolean;
  }[];
  /** A tick where the route changed. */
  readonly changes: string;
}

/** Band at height `y` (centre line) with change ticks from `tickTop` to `tickBottom`, all in pixels. */
export function variantBand(
  placed: PlacedSeries,
  ranks: ReadonlyMap<string, number>,
  { y, tickTop, tickBottom }: { y: number; tickTop: number; tickBottom: number },
): VariantBand {
  const paths: string[] = Array(variantColors).fill('');
  const letters: VariantBand['letters'][number][] = [];
  let changes = '';
  placed.variantRuns.forEach((run, index) => {
    const rank = ranks.get(run.variant) ?? variantColors - 1;
    const x0 = Math.min(placed.start[run.first] as number, plotWidth - minWidth);
    const x1 = Math.max(placed.end[run.last] as number, x0 + minWidth);
    paths[rank] += `M${formatCoordinate(x0)} ${y}H${formatCoordinate(x1)}`;
    if (x1 - x0 >= letterWidth) {
      const minor = x1 - x0 < phoneLetterWidth;
      letters.push({ x: `${formatCoordinate((x0 + x1) / 20)}%`, letter: run.variant, rank, minor });
    }
    const before = placed.variantRuns[index - 1];
    if (isAdjoining(placed, index) && before?.variant !== run.variant) {
      changes += `M${formatCoordinate(x0)} ${tickTop}V${tickBottom}`;
    }
  });
  return {
    segments: paths.flatMap((d, rank) => (d === '' ? [] : [{ rank, d }])),
    letters,
    changes,
  };
}
