import type { Interval, Route, Trace } from '../../model/trace/trace.ts';
import { memoize } from '../../model/values/memoize.ts';
import { dayOf } from '../../model/values/time.ts';
import { spanOf, spanSeconds } from './chunkSpans.ts';
import type { Chunk, Chunks } from './chunks.ts';
import { startMs, type TraceWithRoute } from './packedTraces.ts';
import type { Routes } from './routes.ts';
import { createTraceCache } from './traceCache.ts';

/** Starts that are enough to estimate an interval. */
const minStarts = 24;
/** How far to look back for them: 100 days. */
const maxSpansSearched = 400;

/** The traces of all tests, by the number of the test. */
export interface Traces {
  /** Adds traces in any order, except those whose start is known. Returns the new ones. */
  append(test: number, traces: readonly Trace[]): Trace[];
  /** The traces that started within a window, ascending; equal routes are the same object. */
  read(test: number, window: Interval): Trace[];
  /** Like `read`, for traces that are read once: unpacks no older ones and caches nothing. */
  readUncached(test: number, window: Interval): Trace[];
  /** Like `read`, with the stored numbers of the routes. */
  readNumbered(test: number, window: Interval): TraceWithRoute<number>[];
  /** The newest starts up to `to`, at least 24 if there are as many; ascending, epoch seconds. */
  newestStarts(test: number, from: number, to: number): number[];
  /** Has to be called after a rollback, which takes traces back. */
  clearCache(): void;
  /**
   * Deletes all traces before a midnight. Returns the start of the oldest span; null if there were
   * none.
   */
  prune(midnight: number): number | null;
  /** Deletes the traces of some tests that start after a moment, and of all tests much later. */
  deleteAfter(tests: readonly number[], moment: number): void;
  /** The start of the first trace of a test; null for none. Slow. */
  firstStart(test: number): number | null;
}

/** Opens the traces over their chunks and routes. */
export function openTraces(chunks: Chunks, routes: Routes): Traces {
  const cache = createTraceCache(chunks.read, routes.routeOf);
  return {
    append(test, traces) {
      const arrivals = findNewTraces(chunks, test, traces);
      const numbers = assignRouteNumbers(arrivals, routes);
      for (const { chunk, added } of arrivals)
        chunk.extend(added.map((trace) => ({ ...trace, route: numbers.get(trace.route) ?? 0 })));
      if (arrivals.length > 0) cache.evict(test);
      return arrivals.flatMap(({ added }) => added);
    },
    read: cache.read,
    readUncached: (test, window) => readWindow(chunks, test, window, memoize(routes.routeOf)),
    readNumbered: (test, window) => readWindow(chunks, test, window, (number) => number),
    newestStarts: (test, from, to) => newestStarts(chunks, test, from, to),
    clearCache: cache.clear,
    prune(midnight) {
      const oldest = chunks.prune(midnight);
      if (oldest !== null) cache.clear();
      return oldest;
    },
    deleteAfter(tests, moment) {
      chunks.deleteAfter(moment);
      for (const test of tests) chunks.truncate(test, moment);
      cache.clear();
    },
    firstStart(test) {
      const span = chunks.firstSpan(test);
      const [first] = span === null ? [] : chunks.find(test, span).starts;
      return first === undefined ? null : first / 1000;
    },
  };
}

function readWindow<R>(
  chunks: Chunks,
  test: number,
  { from, to }: Interval,
  routeOf: (number: number) => R,
): TraceWithRoute<R>[] {
  const traces: TraceWithRoute<R>[] = [];
  for (let span = spanOf(from); span <= spanOf(to); span++) {
    for (const trace of chunks.read(test, span, routeOf, from))
      if (trace.startedAt >= from && trace.startedAt <= to) traces.push(trace);
  }
  return traces;
}

function newestStarts(chunks: Chunks, test: number, from: number, to: number): number[] {
  const starts: number[][] = [];
  let found = 0;
  const last = spanOf(to);
  for (let span = last; span >= spanOf(from) && span > last - maxSpansSearched; span--) {
    const startsInSpan = chunks.find(test, span).starts.map((ms) => ms / 1000);
    starts.push(startsInSpan);
    found += startsInSpan.length;
    if (found >= minStarts) break;
  }
  return starts.reverse().flat();
}

/** The new traces of a span, with the chunk that takes them. */
interface Arrival {
  readonly span: number;
  readonly chunk: Chunk;
  readonly added: readonly Trace[];
}

function findNewTraces(chunks: Chunks, test: number, traces: readonly Trace[]): Arrival[] {
  const bySpan = Map.groupBy(traces, (trace) => spanOf(startMs(trace.startedAt) / 1000));
  const arrivals = [...bySpan].map(([span, incoming]) => {
    const chunk = chunks.find(test, span);
    return { span, chunk, added: selectNew(incoming, chunk.starts) };
  });
  return arrivals.filter(({ added }) => added.length > 0);
}

/** Traces with unknown starts; of two with the same start, the first. */
function selectNew(incoming: readonly Trace[], starts: readonly number[]): Trace[] {
  const known = new Set(starts);
  return incoming.filter((trace) => {
    const at = startMs(trace.startedAt);
    if (known.has(at)) return false;
    known.add(at);
    return true;
  });
}

/** The stored numbers of the routes of new traces, each stored as of its last day. */
function assignRouteNumbers(arrivals: readonly Arrival[], routes: Routes): Map<Route, number> {
  const days = new Map<Route, number>();
  for (const { span, added } of arrivals) {
    const day = dayOf(span * spanSeconds);
    for (const { route } of added) days.set(route, Math.max(day, days.get(route) ?? 0));
  }
  return new Map([...days].map(([route, day]) => [route, routes.numberOf(route, day)]));
}
