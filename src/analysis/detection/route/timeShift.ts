import { median, sortAscending } from '../../../model/values/statistics.ts';
import { comparableTimes } from '../verdictSamples.ts';
import type { ComparisonContext } from './routeDifference.ts';

/** Least shift of the round-trip time that shows another way, and that does so at a single hop. */
const clearShift = { ms: 3, share: 0.05, deviations: 4 };
const largeShift = { ms: 6, share: 0.1 };

/** The move of the round-trip time from the old route to the new one. */
export interface TimeShift {
  readonly isClear: boolean;
  /** It is clear, and the new route takes longer. */
  readonly isSlower: boolean;
  readonly isLarge: boolean;
  /** All new times lie outside of the old ones, though by little. */
  readonly isVisible: boolean;
}

const noShift: TimeShift = { isClear: false, isSlower: false, isLarge: false, isVisible: false };
/** Least move of the times out of their old range that is visible. */
const visibleShift = { ms: 0.8, share: 0.01 };
const minTimes = 3;

/** Compares the times of an old route with those of the traces that left it. */
export function timeShift({ old, traces, table }: ComparisonContext): TimeShift {
  const samples = comparableTimes(old, traces, table);
  if (samples === null || samples.before.length < minTimes) return noShift;
  const before = sortAscending(samples.before);
  const levelMs = median(before) as number;
  const nowMs = median(samples.after) as number;
  const deviationMs = median(before.map((ms) => Math.abs(ms - levelMs))) as number;
  const size = Math.abs(nowMs - levelMs);
  const after = sortAscending(samples.after);
  const faster = (before[0] as number) - (after.at(-1) as number);
  const outside = Math.max(faster, (after[0] as number) - (before.at(-1) as number));
  const noiseMs = clearShift.deviations * deviationMs;
  const isClear =
    outside > 0 && size >= Math.max(clearShift.ms, clearShift.share * levelMs, noiseMs);
  return {
    isClear,
    isSlower: isClear && nowMs > levelMs,
    isLarge: size >= largeShift.ms && size >= largeShift.share * levelMs,
    isVisible: outside >= Math.max(visibleShift.ms, visibleShift.share * levelMs, noiseMs),
  };
}
