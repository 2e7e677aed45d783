import type { Endpoint } from '../../model/test/test.ts';
import type { Interval, Responder, Trace } from '../../model/trace/trace.ts';
import { roundTripMs } from '../probeValues.ts';
import { clearHopBuffers, createHopBuffers, type HopBuffers, hopAt } from './hopBuffers.ts';
import type { HopSequence } from './hopSequence.ts';
import { addFlow, type HopRecords } from './readHops.ts';
import { createResponderTable, type ResponderTable } from './responderTable.ts';
import { formatTime, type ResultFaults } from './resultFaults.ts';
import { resultTime } from './resultTime.ts';
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

/** Turns the results of one response into traces. Unusable results become faults. */
export interface TraceCollector {
  /** Adds a result by its time and its value, in every variant of esmond and elmond. */
  add(ts: unknown, val: unknown): void;
  /** Adds a result by its time and its hop records. */
  addSequence(ts: number, hops: HopSequence): void;
  /** The traces of all results. */
  finish(): ParsedTraces;
}

/** A collector without results. */
export function createTraceCollector(context: TraceContext, faults: ResultFaults): TraceCollector {
  const { interval, destination, firstTtl } = context;
  const buffers = createHopBuffers();
  const table = createResponderTable();
  const interner = createRouteInterner(destination, context);
  const traces: Trace[] = [];

  const addFlows = (startedAt: number, flows: readonly HopRecords[] | null): Trace | null => {
    clearHopBuffers(buffers);
    if (!flows?.every((flow) => addFlow(buffers, flow, firstTtl, table))) {
      faults.record('invalid', `of ${formatTime(startedAt)}`);
      return null;
    }
    if (isCrowded(buffers, table.size())) {
      faults.record('crowded', `of ${formatTime(startedAt)}`);
      return null;
    }
    const trace = interner.traceOf(startedAt, buffers);
    traces.push(trace);
    return trace;
  };

  return {
    add(ts, val) {
      const startedAt = resultTime(ts, interval, faults);
      if (startedAt !== null) addFlows(startedAt, flowsOf(val));
    },
    addSequence(ts, hops) {
      const startedAt = resultTime(ts, interval, faults);
      if (startedAt === null) return;
      const { node } = hops;
      if (node.end !== null && table.size() <= maxResponseAddresses) {
        traces.push({ startedAt, route: node.end, rttMs: repeatTimes(hops, table), probes: null });
        return;
      }
      const trace = addFlows(startedAt, [hops]);
      const isRepeatable = hops.isAscending() && !interner.dependsOnNames(buffers);
      if (trace !== null && isRepeatable) node.end = trace.route;
    },
    finish: () => ({
      traces: withoutDuplicates(traces, faults),
      responders: table.responders(maxResponseAddresses),
    }),
  };
}

/** The times of a trace whose hops repeat those of an earlier one, each with one probe. */
function repeatTimes(hops: HopSequence, table: ResponderTable): (number | null)[] {
  const times: (number | null)[] = [];
  for (let index = 0; index < hops.length; index += 1) {
    const template = hops.templateAt(index);
    const { record, responder } = template;
    const found = table.internResponder(record.ip, record, responder);
    if (found === null) continue;
    template.responder = found;
    times.push(roundTripMs(hops.timeAt(index)));
  }
  return times;
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
  if (isAscending(traces)) return traces;
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

function isAscending(traces: readonly Trace[]): boolean {
  let before = Number.NEGATIVE_INFINITY;
  for (const { startedAt } of traces) {
    if (startedAt <= before) return false;
    before = startedAt;
  }
  return true;
}

/**
 * Runs of one test start at the same router. elmond stores hosts with equal settings under one key.
 */
function startDiffers(one: Trace, other: Trace): boolean {
  const [a, b] = [one, other].map(({ route }) => route.hops[0]?.addresses ?? []);
  if (a === undefined || b === undefined || a.length === 0 || b.length === 0) return false;
  return !a.some((address) => b.includes(address));
}
