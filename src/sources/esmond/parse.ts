import { cleanText } from '../../lib/text.ts';
import type { Endpoint } from '../../model/test.ts';
import type { Failure, Interval, Responder, Trace } from '../../model/trace.ts';
import { type Faults, timeText } from './faults.ts';
import { clearHopSlots, createHopSlots } from './hopSlots.ts';
import { mtuOf, noteFlow, numberOf } from './hops.ts';
import { createResponderTable } from './responders.ts';
import { createRouteBook } from './routeBook.ts';

/** What is needed to understand an answer: where the test probes to and from which ttl, and what was asked for. */
export interface TraceContext {
  readonly destination: Endpoint;
  readonly firstTtl: number;
  readonly interval: Interval;
}

/** The traces of an answer, ascending and one for each second, and every address in them. */
export interface ParsedTraces {
  readonly traces: Trace[];
  readonly responders: ReadonlyMap<string, Responder>;
}

/**
 * Reads the answer to a request for `packet-trace` or `packet-trace-multi` in every variant of esmond and elmond.
 * Results that cannot be used are left out and noted in `faults`.
 */
export function parseTraces(
  answer: readonly unknown[],
  context: TraceContext,
  faults: Faults,
): ParsedTraces {
  const slots = createHopSlots();
  const table = createResponderTable();
  const book = createRouteBook(context.destination, context.firstTtl);
  const traces: Trace[] = [];
  for (const record of answer) {
    const { ts, val } = fieldsOf(record);
    const startedAt = timeOf(ts, context.interval, faults);
    if (startedAt === null) continue;
    clearHopSlots(slots);
    const flows = flowsOf(val);
    if (flows?.every((flow) => noteFlow(slots, flow, context.firstTtl, table))) {
      traces.push(book.traceOf(startedAt, slots));
    } else faults.note('damaged', `of ${timeText(startedAt)}`);
  }
  return { traces: distinct(traces, faults), responders: table.responders() };
}

/** Reads the answer to a request for `failures`. */
export function parseFailures(
  answer: readonly unknown[],
  interval: Interval,
  faults: Faults,
): Failure[] {
  const failures: Failure[] = [];
  for (const record of answer) {
    const { ts, val } = fieldsOf(record);
    const at = timeOf(ts, interval, faults);
    const error = typeof val === 'string' ? val : (val as { error?: unknown } | null)?.error;
    if (at !== null) failures.push({ at, error: cleanText(error, 500) ?? 'no reason given' });
  }
  return failures.sort((a, b) => a.at - b.at);
}

/** Reads the answer to a request for `path-mtu`: bytes by start of the run. */
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

function timeOf(value: unknown, { from, to }: Interval, faults: Faults): number | null {
  const ts = numberOf(value);
  if (!Number.isSafeInteger(ts) || ts < 0) {
    faults.note('damaged', `with the time ${shown(value)}`);
    return null;
  }
  if (ts >= from && ts <= to) return ts;
  faults.note(ts > to ? 'future' : 'early', `of ${timeText(ts)}`);
  return null;
}

/** Only plain values are shown: the text of a nested one may take more stack than there is. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  return cleanText(typeof value === 'number' ? String(value) : value, 40) ?? `(${typeof value})`;
}

/** `packet-trace-multi` has one list of hops for each flow; null for what is neither. */
function flowsOf(val: unknown): readonly (readonly unknown[])[] | null {
  if (!Array.isArray(val)) return null;
  if (!Array.isArray(val[0])) return [val];
  return val.every(Array.isArray) ? val : null;
}

/** Archives repeat and reorder results. Of two from the same second the one with more answers stays. */
function distinct(traces: Trace[], faults: Faults): Trace[] {
  traces.sort((a, b) => a.startedAt - b.startedAt);
  const kept: Trace[] = [];
  for (const trace of traces) {
    const previous = kept.at(-1);
    if (previous?.startedAt !== trace.startedAt) {
      kept.push(trace);
      continue;
    }
    if (startDiffers(previous, trace)) faults.note('twins', `of ${timeText(trace.startedAt)}`);
    if (trace.rttMs.length > previous.rttMs.length) kept[kept.length - 1] = trace;
  }
  return kept;
}

/** Two runs of one test begin at the same router; elmond puts hosts with the same settings under one key. */
function startDiffers(one: Trace, other: Trace): boolean {
  const [a, b] = [one, other].map(({ route }) => route.hops[0]?.addresses ?? []);
  if (a === undefined || b === undefined || a.length === 0 || b.length === 0) return false;
  return !a.some((address) => b.includes(address));
}
