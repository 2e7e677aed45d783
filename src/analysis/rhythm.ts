import type { Test } from '../model/test/test.ts';
import type { Interval } from '../model/trace/trace.ts';
import { daySeconds, hourSeconds } from '../model/values/time.ts';
import { intervalOf } from './window/freshness.ts';

/** A test with fewer traces, or with all of them within this span, was run by hand. */
const minRhythmTraces = 5;
const minRhythmSeconds = hourSeconds;
/** The span if the archive states no schedule of the test, though it states those of others. */
const minUnscheduledSeconds = 12 * hourSeconds;
/** The traces of this long, or of so many intervals, show how a test runs and what it reaches. */
const recentSeconds = daySeconds;
const recentIntervals = 20;

/** The span before a moment (epoch seconds) whose traces show how a test runs. */
export function recentSpan(test: Test, to: number): Interval {
  return { from: to - Math.max(recentSeconds, recentIntervals * intervalOf(test)), to };
}

/**
 * Whether a test runs again and again, so that a missing result is missed. Takes its recent traces,
 * ascending, and what its archive says about its schedule; null: nothing.
 */
export function hasRhythm(
  traces: readonly { readonly startedAt: number }[],
  isScheduled: boolean | null,
): boolean {
  const [first] = traces;
  const last = traces.at(-1);
  if (first === undefined || last === undefined) return false;
  if (isScheduled === true) return true;
  if (traces.length < minRhythmTraces) return false;
  const minSeconds = isScheduled === false ? minUnscheduledSeconds : minRhythmSeconds;
  return last.startedAt - first.startedAt > minSeconds;
}
