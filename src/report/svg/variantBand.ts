import { formatCoordinate, percentOfPlot, plotWidth } from './coordinates.ts';
import { isAdjoining, type PlacedSeries } from './placedSeries.ts';
import { type RankedPath, rankedPaths, rankOf } from './rankedPaths.ts';

/**
 * Plot units: a segment is never thinner, and from here on it carries its letter, on a phone from
 * there on.
 */
const minWidth = 2;
const letterWidth = 20;
const phoneLetterWidth = 50;

/** The band of route variants: the route in use at each time. */
export interface VariantBand {
  /** Most common rank first, so that the rare ones are drawn above it. */
  readonly segments: readonly RankedPath[];
  readonly letters: readonly BandLetter[];
  /** A tick where the route changed. */
  readonly changes: string;
}

interface BandLetter {
  /** Percent of the plot's width, as an SVG length. */
  readonly x: string;
  readonly letter: string;
  readonly rank: number;
  /** Hidden if there is little room. */
  readonly minor: boolean;
}

/**
 * Band at height `y` (center line), with ticks of changes from `tickTop` to `tickBottom`, in
 * pixels.
 */
export function variantBand(
  { variantRuns }: PlacedSeries,
  ranks: ReadonlyMap<string, number>,
  { y, tickTop, tickBottom }: { y: number; tickTop: number; tickBottom: number },
): VariantBand {
  const letters: BandLetter[] = [];
  const segments: RankedPath[] = [];
  let changes = '';
  variantRuns.forEach((run, index) => {
    const { value: letter, from, to } = run;
    const rank = rankOf(letter, ranks);
    const x0 = Math.min(from, plotWidth - minWidth);
    const x1 = Math.max(to, x0 + minWidth);
    segments.push({ rank, d: `M${formatCoordinate(x0)} ${y}H${formatCoordinate(x1)}` });
    const minor = x1 - x0 < phoneLetterWidth;
    const x = percentOfPlot((x0 + x1) / 2);
    if (x1 - x0 >= letterWidth) letters.push({ x, letter, rank, minor });
    if (isAdjoining(variantRuns[index - 1], run)) {
      changes += `M${formatCoordinate(x0)} ${tickTop}V${tickBottom}`;
    }
  });
  return { segments: rankedPaths(segments), letters, changes };
}
