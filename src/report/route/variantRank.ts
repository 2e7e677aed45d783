import type { TestAnalysis } from '../../model/site/analysis.ts';

/** Number of colors of variants; the less frequent variants share the last. */
export const variantColors = 8;

/**
 * Color number of each variant by letter, in order of share. The usual route has number 0 and so
 * the same color on all pages; variants beyond the palette share its last number.
 */
export function variantRanks(analysis: TestAnalysis): ReadonlyMap<string, number> {
  return new Map(
    analysis.variants.map((variant, index) => [variant.letter, Math.min(index, variantColors - 1)]),
  );
}
