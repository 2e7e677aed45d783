import type { TestAnalysis } from '../../model/site/analysis.ts';

/**
 * Names the routes of an analysis by the letters that they had before. `seenAt` has the start of
 * one trace over the route of each letter, epoch seconds. null if a route has no letter among
 * these, or if two have become one.
 */
export function adoptLetters(
  analysis: TestAnalysis,
  seenAt: ReadonlyMap<string, number>,
): TestAnalysis | null {
  const variantAt = new Map(analysis.series.map(({ at, variant }) => [at, variant]));
  const letters = new Map<string, string>();
  for (const [letter, at] of seenAt) {
    const now = variantAt.get(at);
    if (now === undefined) continue;
    if (letters.has(now)) return null;
    letters.set(now, letter);
  }
  if (analysis.variants.some(({ letter }) => !letters.has(letter))) return null;
  if ([...letters].every(([now, before]) => now === before)) return analysis;
  const before = (letter: string) => letters.get(letter) ?? letter;
  return {
    ...analysis,
    variants: analysis.variants.map((each) => ({ ...each, letter: before(each.letter) })),
    periods: analysis.periods.map((each) => ({ ...each, variant: before(each.variant) })),
    series: analysis.series.map((each) => ({ ...each, variant: before(each.variant) })),
  };
}
