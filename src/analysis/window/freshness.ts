import type { Test } from '../../model/test.ts';
import type { Failure } from '../../model/trace.ts';
import { medianOf } from '../statistics.ts';
import type { TraceStep } from './traceSteps.ts';

/**
 * Spacing that is assumed where neither the test nor its traces tell it, seconds: two slots of the common quarter-hour test
 * and a minute, since a run falls anywhere into its slot.
 */
const assumedSeconds = 1860;

/** A result may be this many intervals old before the test counts as silent. */
export const staleAfterIntervals = 2.5;

/** Median spacing of a test, seconds: as the test states it, else of at least three traces, else assumed. */
export function intervalOf(test: Test, steps: readonly TraceStep[]): number {
  if (test.intervalSeconds !== null && test.intervalSeconds > 0) return test.intervalSeconds;
  const gaps = steps.slice(1).map((step, i) => step.at - (steps[i] as TraceStep).at);
  const median = gaps.length < 2 ? null : medianOf(gaps);
  return median === null || median <= 0 ? assumedSeconds : median;
}

/** The failures that came after the last trace, oldest first. */
export function failuresSince(failures: readonly Failure[], lastTraceAt: number | null): Failure[] {
  return failures
    .filter(({ at }) => lastTraceAt === null || at > lastTraceAt)
    .toSorted((a, b) => a.at - b.at);
}
