import { hodgesLehmann, type Shift } from '../../model/statistics.ts';

/** With fewer samples on a side the interval is too wide to be of use. */
const minSamples = 5;

/** Shift from `left` to `right`, ms; null with fewer than 5 values on a side. */
export function rttShift(left: readonly number[], right: readonly number[]): Shift | null {
  const isEnough = Math.min(left.length, right.length) >= minSamples;
  return isEnough ? hodgesLehmann(left, right) : null;
}
