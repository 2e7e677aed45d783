import { formatMs, formatMsChange } from '../../model/values/format.ts';
import { hodgesLehmann, type Shift, upperMedian } from '../../model/values/statistics.ts';

/** With fewer samples on a side the interval is too wide to be of use. */
const minSamples = 5;
/** Shifts below this are none, ms. */
const minShiftMs = 0.1;

/** Shift from `left` to `right`, ms; null with fewer than 5 values on a side. */
export function rttShift(left: readonly number[], right: readonly number[]): Shift | null {
  const isEnough = Math.min(left.length, right.length) >= minSamples;
  return isEnough ? hodgesLehmann(left, right) : null;
}

/**
 * Describes the shift between two samples, ms: `+8.3 ms (95% between +8.1 ms and +8.5 ms; 30 and 28
 * traces)`. `which` traces they are: '' or `newest `. null with fewer than 5 values on a side.
 */
export function rttShiftText(
  left: readonly number[],
  right: readonly number[],
  which: '' | 'newest ' = '',
): string | null {
  const shift = rttShift(left, right);
  if (shift === null) return null;
  const { estimate, low, high } = shift;
  const samples = `${which}${left.length} and ${right.length} traces`;
  if (Math.max(Math.abs(low), Math.abs(high)) < minShiftMs) {
    return `no difference (95% within ${minShiftMs} ms; ${samples})`;
  }
  const interval = `95% between ${formatMsChange(low)} and ${formatMsChange(high)}`;
  return `${formatMsChange(estimate)} (${interval}; ${samples})`;
}

/** Compares the newest round-trip times of two tests, ms, in a sentence. */
export function rttComparison(left: readonly number[], right: readonly number[]): string {
  const shift = rttShiftText(left, right, 'newest ');
  if (shift === null) return 'Too few round-trip times to compare.';
  return `RTT ${formatMs(upperMedian(left))} vs. ${formatMs(upperMedian(right))}: ${shift}.`;
}
