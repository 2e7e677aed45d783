import { foreignText } from '../../model/run/foreignText.ts';
import { failureReasonOf } from '../../model/trace/failureReason.ts';
import type { Failure, Interval } from '../../model/trace/trace.ts';
import { mtuOf, numberOf } from '../probeValues.ts';
import type { ResultFaults } from './resultFaults.ts';
import { resultTime } from './resultTime.ts';
import { createTraceCollector, type ParsedTraces, type TraceContext } from './traceCollector.ts';

/**
 * Parses a response to a request for `packet-trace` or `packet-trace-multi`, in every variant of
 * esmond and elmond. Unusable results go to `faults`.
 */
export function parseTraces(
  answer: readonly unknown[],
  context: TraceContext,
  faults: ResultFaults,
): ParsedTraces {
  const collector = createTraceCollector(context, faults);
  for (const record of answer) {
    const { ts, val } = fieldsOf(record);
    collector.add(ts, val);
  }
  return collector.finish();
}

/** Parses a response to a request for `failures`. */
export function parseFailures(
  answer: readonly unknown[],
  interval: Interval,
  faults: ResultFaults,
): Failure[] {
  const failures: Failure[] = [];
  for (const record of answer) {
    const { ts, val } = fieldsOf(record);
    const at = resultTime(ts, interval, faults);
    const error = typeof val === 'string' ? val : (val as { error?: unknown } | null)?.error;
    if (at !== null)
      failures.push({ at, error: failureReasonOf(error), detail: foreignText(error) });
  }
  return failures.sort((a, b) => a.at - b.at);
}

/** Parses a response to a request for `path-mtu`: bytes by start of the run. */
export function parsePathMtus(answer: readonly unknown[]): Map<number, number> {
  const mtus = new Map<number, number>();
  for (const record of answer) {
    const { ts, val } = fieldsOf(record);
    const mtu = mtuOf(val);
    if (mtu !== null) mtus.set(numberOf(ts), mtu);
  }
  return mtus;
}

function fieldsOf(record: unknown): { readonly ts?: unknown; readonly val?: unknown } {
  return typeof record === 'object' && record !== null ? record : {};
}
