import type { Interval } from '../../model/trace/trace.ts';
import { daySeconds } from '../../model/values/time.ts';

/** How far back each test is read again once a day, seconds. */
const lookBackSeconds = daySeconds;

/**
 * The overlap of a test in a run, seconds: the usual one, but a day once a day. Results that
 * arrived later than the overlap are found then. Tests take turns by the digest in their ids.
 * `since`: end of the window of the previous run, epoch seconds; null for none.
 */
export function overlapOf(
  testId: string,
  usualSeconds: number,
  since: number | null,
  { to }: Pick<Interval, 'to'>,
): number {
  const turn = Number.parseInt(testId.slice(-8), 16) % daySeconds;
  if (since === null || Number.isNaN(turn)) return usualSeconds;
  const lastTurn = to - ((((to - turn) % daySeconds) + daySeconds) % daySeconds);
  return lastTurn > since ? Math.max(usualSeconds, lookBackSeconds) : usualSeconds;
}
