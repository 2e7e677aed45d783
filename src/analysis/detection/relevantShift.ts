/** A smaller shift of a round-trip time makes no difference to users: the larger of these two. */
const relevantShiftMs = 3;
const relevantShiftShare = 0.05;

/** The smallest shift from this level that matters, ms. */
export function smallestRelevantShift(levelMs: number): number {
  return Math.max(relevantShiftMs, relevantShiftShare * levelMs);
}
