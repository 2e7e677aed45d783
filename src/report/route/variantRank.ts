import type { TestAnalysis } from '../../model/analysis.ts';

/** Colours that variants can be told apart by; the rarer ones share the last. */
export const variantColors = 8;

/**
 * Colour number of each variant by its letter: 0 for the one with the largest share, so that the usual route looks the
 * same on every page, then by share; everything beyond the palette gets its last number.
 */
export function variantRanks(analysis: TestAnalysis): ReadonlyMap<string, number> {
  return new Map(
    analysis.variants.map((variant, index) => [variant.letter, Math.min(index, variantColors - 1)]),
  );
}
