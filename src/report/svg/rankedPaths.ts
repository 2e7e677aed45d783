import { variantColors } from '../route/variantRank.ts';

/** One path in the color of a variant rank. */
export interface RankedPath {
  readonly rank: number;
  readonly d: string;
}

/** Rank of a variant; those without a color of their own share the last one. */
export function rankOf(variant: string, ranks: ReadonlyMap<string, number>): number {
  return ranks.get(variant) ?? variantColors - 1;
}

/**
 * Joins strokes into one path per rank, the most common rank first, so that rare ones are on top.
 */
export function rankedPaths(strokes: readonly RankedPath[]): RankedPath[] {
  const paths: string[] = Array(variantColors).fill('');
  for (const { rank, d } of strokes) paths[rank] += d;
  return paths.flatMap((d, rank) => (d === '' ? [] : [{ rank, d }]));
}
