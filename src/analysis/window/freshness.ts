import { median } from '../../model/statistics.ts';
import type { Test } from '../../model/test.ts';
import type { Failure } from '../../model/trace.ts';
import type { TraceStep } from './traceSteps.ts';

/**
 * Spacing to assume where neither the test nor its traces show it, seconds: two slots of the common
 * quarter-hour test and a minute, because a run falls anywhere into its slot.
 */
const assumedSeconds = 1860;

/**
 * Spacing of a test, seconds: as the test states it, else the median of three or more traces, else
 * assumed.
 */
export function intervalOf(test: Test, steps: readonly TraceStep[]): number {
  if (test.intervalSeconds !== null && test.intervalSeconds > 0) return test.intervalSeconds;
  const gaps = steps.slice(1).map((step, i) => step.at - (steps[i] as TraceStep).at);
  const usualGap = gaps.length < 2 ? null : median(gaps);
  return usualGap === null || usualGap <= 0 ? assumedSeconds : usualGap;
}

/** The failures after the last trace, oldest first. */
export function failuresSince(failures: readonly Failure[], lastTraceAt: number | null): Failure[] {
  return failures
    .filter(({ at }) => lastTraceAt === null || at > lastTraceAt)
    .toSorted((a, b) => a.at - b.at);
}
