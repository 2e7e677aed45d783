/**
 * A result may be this many intervals late before it counts as missing: a measurement starts
 * anywhere in its slot, so consecutive results may be nearly two intervals apart.
 */
export const patienceIntervals = 2.5;

/** Whether so much time without a result means that one is missing. Both in seconds. */
export function isOverdue(gapSeconds: number, intervalSeconds: number): boolean {
  return gapSeconds > patienceIntervals * intervalSeconds;
}
