import type { Interval } from '../../model/trace/trace.ts';
import { numberOf } from '../probeValues.ts';
import { formatTime, type ResultFaults } from './resultFaults.ts';

/** The start of a result, epoch seconds; null, and a fault, if it is none within the interval. */
export function resultTime(
  value: unknown,
  { from, to }: Interval,
  faults: ResultFaults,
): number | null {
  const ts = numberOf(value);
  if (!Number.isSafeInteger(ts) || ts < 0) {
    faults.record('invalid', 'with an invalid time');
    return null;
  }
  if (ts >= from && ts <= to) return ts;
  faults.record(ts > to ? 'future' : 'early', `of ${formatTime(ts)}`);
  return null;
}
