/**
 * Runs test of Wald and Wolfowitz: how far the number of changes between two kinds lies from what a random order of
 * `first` things of one kind and `second` of the other gives, in standard deviations. Negative: they keep together
 * more than chance lets them. 0 where there is nothing to tell.
 */
export function runsScore(first: number, second: number, changes: number): number {
  const count = first + second;
  if (count < 2) return 0;
  const expected = (2 * first * second) / count;
  const variance = (expected * (expected - 1)) / (count - 1);
  return variance <= 0 ? 0 : (changes - expected) / Math.sqrt(variance);
}

/** Of so many things even a slight habit is beyond chance; two routes that hold for three traces each change less than this. */
const toleratedShare = 0.75;

/**
 * Whether two kinds change about as often as a random order lets them: not further below than `leastScore` standard deviations
 * (see `runsScore`), or by a quarter at most.
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
