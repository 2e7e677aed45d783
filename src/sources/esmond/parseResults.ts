import { foreignText } from '../../model/run/foreignText.ts';
import type { Endpoint } from '../../model/test/test.ts';
import { failureReasonOf } from '../../model/trace/failureReason.ts';
import type { Failure, Interval, Responder, Trace } from '../../model/trace/trace.ts';
import { mtuOf, numberOf } from '../probeValues.ts';
import { clearHopBuffers, createHopBuffers, type HopBuffers, hopAt } from './hopBuffers.ts';
import { addFlow } from './readHops.ts';
import { createResponderTable } from './responderTable.ts';
import { formatTime, type ResultFaults } from './resultFaults.ts';
import { createRouteInterner, type ProbedTtls } from './routeInterner.ts';

/** The context of a response: destination and ttls of the test, and the requested interval. */
export interface TraceContext extends ProbedTtls {
  readonly destination: Endpoint;
  readonly interval: Interval;
}

/** The traces of a response, ascending and one per second, and every address in them. */
export interface ParsedTraces {
  readonly traces: Trace[];
  readonly responders: ReadonlyMap<string, Responder>;
}

/**
 * Parses a response to a request for `packet-trace` or `packet-trace-multi`, in every variant of
 * esmond and elmond. Unusable results go to `faults`.
 */
export function parseTraces(
  answer: readonly unknown[],
  context: TraceContext,
  faults: ResultFaults,
): ParsedTraces {
  const buffers = createHopBuffers();
  const table = createResponderTable();
  const interner = createRouteInterner(context.destination, context);
  const traces: Trace[] = [];
  for (const record of answer) {
    const { ts, val } = fieldsOf(record);
    const startedAt = timeOf(ts, context.interval, faults);
    if (startedAt === null) continue;
    clearHopBuffers(buffers);
    const flows = flowsOf(val);
    if (!flows?.every((flow) => addFlow(buffers, flow, context.firstTtl, table))) {
      faults.record('invalid', `of ${formatTime(startedAt)}`);
    } else if (isCrowded(buffers, table.size())) {
      faults.record('crowded', `of ${formatTime(startedAt)}`);
    } else traces.push(interner.traceOf(startedAt, buffers));
  }
  const responders = table.responders(maxResponseAddresses);
  return { traces: withoutDuplicates(traces, faults), responders };
}

/** Most addresses of a trace. Tools send at most 16 probes to each of some 30 routers. */
export const maxTraceAddresses = 512;
/** Most different addresses in one response: a test has a few hundred, however often it flaps. */
export const maxResponseAddresses = 2000;

/** Whether a trace has too many addresses, or some beyond those that one response may bring. */
function isCrowded(buffers: HopBuffers, seen: number): boolean {
  let count = 0;
  for (let ttl = buffers.first; ttl <= buffers.last; ttl += 1) {
    const { responderCount, responders } = hopAt(buffers, ttl);
    count += responderCount;
    if (seen <= maxResponseAddresses) continue;
    for (let index = 0; index < responderCount; index += 1) {
      if ((responders[index]?.index ?? 0) >= maxResponseAddresses) return true;
    }
  }
  return count > maxTraceAddresses;
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
    const at = timeOf(ts, interval, faults);
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

function timeOf(value: unknown, { from, to }: Interval, faults: ResultFaults): number | null {
  const ts = numberOf(value);
  if (!Number.isSafeInteger(ts) || ts < 0) {
    faults.record('invalid', 'with an invalid time');
    return null;
  }
  if (ts >= from && ts <= to) return ts;
  faults.record(ts > to ? 'future' : 'early', `of ${formatTime(ts)}`);
  return null;
}

/**
 * The flows of a result: one of `packet-trace`, several of `packet-trace-multi`; null for anything
 * else.
 */
function flowsOf(val: unknown): readonly (readonly unknown[])[] | null {
  if (!Array.isArray(val)) return null;
  if (!Array.isArray(val[0])) return [val];
  return val.every(Array.isArray) ? val : null;
}

/**
 * Archives repeat and reorder results. Of two traces in one second, the one with more replies
 * stays.
 */
function withoutDuplicates(traces: Trace[], faults: ResultFaults): Trace[] {
  traces.sort((a, b) => a.startedAt - b.startedAt);
  const result: Trace[] = [];
  for (const trace of traces) {
    const previous = result.at(-1);
    if (previous?.startedAt !== trace.startedAt) {
      result.push(trace);
      continue;
    }
    if (startDiffers(previous, trace))
      faults.record('mixedSources', `of ${formatTime(trace.startedAt)}`);
    if (trace.rttMs.length > previous.rttMs.length) result[result.length - 1] = trace;
  }
  return result;
}

/**
 * Runs of one test start at the same router. elmond stores hosts with equal settings under one key.
 */
function startDiffers(one: Trace, other: Trace): boolean {
  const [a, b] = [one, other].map(({ route }) => route.hops[0]?.addresses ?? []);
  if (a === undefined || b === undefined || a.length === 0 || b.length === 0) return false;
  return !a.some((address) => b.includes(address));
}
