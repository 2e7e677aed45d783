/**
 * Runs test of Wald and Wolfowitz: how far the number of `changes` between two kinds differs from
 * that of a random order of `first` things of one kind and `second` of the other, in standard
 * deviations. Negative: they stay together more than chance allows. 0 where there is nothing to
 * compare.
 */
function runsScore(first: number, second: number, changes: number): number {
  const count = first + second;
  if (count < 2) return 0;
  const expected = (2 * first * second) / count;
  const variance = (expected * (expected - 1)) / (count - 1);
  return variance <= 0 ? 0 : (changes - expected) / Math.sqrt(variance);
}

/**
 * A share of the expected changes that counts as random: with many things, even a slight habit is
 * beyond chance. Two routes that hold for three traces each change less often.
 */
const toleratedShare = 0.75;

/**
 * Whether two kinds change about as often as in a random order: not more than `-minScore` standard
 * deviations less often (see `runsScore`), or at most a quarter less often.
 */
export function isRandomOrder(
  first: number,
  second: number,
  changes: number,
  minScore: number,
): boolean {
  const expected = (2 * first * second) / Math.max(1, first + second);
  return changes >= toleratedShare * expected || runsScore(first, second, changes) >= minScore;
}
