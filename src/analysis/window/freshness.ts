import type { Test } from '../../model/test/test.ts';
import type { Failure } from '../../model/trace/trace.ts';

/**
 * Spacing to assume where the test does not state it, seconds: two slots of the common quarter-hour
 * test and a minute, because a run falls anywhere into its slot.
 */
const assumedSeconds = 1860;

/** Spacing of a test, seconds: as the test states it, else assumed. */
export function intervalOf({ intervalSeconds }: Test): number {
  return intervalSeconds !== null && intervalSeconds > 0 ? intervalSeconds : assumedSeconds;
}

/** The failures after the last trace, oldest first. */
export function failuresSince(failures: readonly Failure[], lastTraceAt: number | null): Failure[] {
  return failures
    .filter(({ at }) => lastTraceAt === null || at > lastTraceAt)
    .toSorted((a, b) => a.at - b.at);
}
