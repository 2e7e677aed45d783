import type { DatabaseSync } from 'node:sqlite';
import { memoize } from '../../model/memoize.ts';
import { dayOf } from '../../model/time.ts';
import type { Interval, Route, Trace } from '../../model/trace.ts';
import type { ByteWriter } from '../db/bytes.ts';
import { chunkKey, chunkStart, spanOf, spanSeconds } from './chunkSpans.ts';
import {
  extendTraces,
  readStarts,
  startMs,
  type TraceWithRoute,
  unpackTraces,
} from './packedTraces.ts';
import type { Routes } from './routes.ts';
import { createTraceCache } from './traceCache.ts';

/** Enough starts for a median spacing, and how far back they are looked for: 100 days. */
const minStarts = 24;
const maxSpansSearched = 400;

/** Traces of all tests, in rows of one test and six hours each. */
export interface Traces {
  /** Adds traces in any order; one whose start is known already changes nothing. Returns those that were new. */
  append(test: number, traces: readonly Trace[]): Trace[];
  /** Traces that started within the window, ascending; equal routes are the same object. */
  read(test: number, window: Interval): Trace[];
  /** Newest starts up to `to` (at least 24 where there are as many), ascending, epoch seconds. */
  newestStarts(test: number, from: number, to: number): number[];
  /** As `read`, for traces that are looked at once: what is older is not unpacked, and none are held. */
  readUncached(test: number, window: Interval): Trace[];
  /** As `read`, with the routes by their stored numbers. */
  readNumbered(test: number, window: Interval): TraceWithRoute<number>[];
  /** Lets go of the traces that are held in memory: needed after a rollback, which takes some back. */
  clearCache(): void;
  /** Deletes the traces of all tests that started before a midnight; where in time they began, null without any. */
  prune(midnight: number): number | null;
}

/** Opens the table of traces. */
export function openTraces(database: DatabaseSync, routes: Routes, writer: ByteWriter): Traces {
  const select = database.prepare('SELECT body FROM chunk WHERE key = ?');
  const upsert = database.prepare(
    'INSERT INTO chunk (key, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
  );

  const oldest = database.prepare('SELECT min(key) AS key FROM chunk');
  const removeBelow = database.prepare('DELETE FROM chunk WHERE key < ?');

  function bodyOf(test: number, span: number): Uint8Array | null {
    const row = select.get(chunkKey(test, span)) as { body: Uint8Array } | undefined;
    return row?.body ?? null;
  }

  function readSpan<R>(
    test: number,
    span: number,
    routeOf: (number: number) => R,
    from = 0,
  ): TraceWithRoute<R>[] {
    const body = bodyOf(test, span);
    return body === null ? [] : unpackTraces(body, routeOf, Math.floor(from * 1000));
  }

  function readWindow<R>(
    test: number,
    { from, to }: Interval,
    routeOf: (number: number) => R,
  ): TraceWithRoute<R>[] {
    const traces: TraceWithRoute<R>[] = [];
    for (let span = spanOf(from); span <= spanOf(to); span++) {
      for (const trace of readSpan(test, span, routeOf, from)) {
        if (trace.startedAt >= from && trace.startedAt <= to) traces.push(trace);
      }
    }
    return traces;
  }

  function startsOf(test: number, span: number): number[] {
    const body = bodyOf(test, span);
    return body === null ? [] : readStarts(body).map((ms) => ms / 1000);
  }

  /** What is new in a span, with what is there already. */
  function prepareArrival(test: number, span: number, incoming: readonly Trace[]): SpanArrival {
    const body = bodyOf(test, span);
    const starts = body === null ? [] : readStarts(body);
    return { span, body, starts, newTraces: selectNew(incoming, starts) };
  }

  const cache = createTraceCache(readSpan, routes.routeOf);

  return {
    append(test, traces) {
      const bySpan = Map.groupBy(traces, (trace) => spanOf(startMs(trace.startedAt) / 1000));
      const arrivals = [...bySpan]
        .map(([span, incoming]) => prepareArrival(test, span, incoming))
        .filter(({ newTraces }) => newTraces.length > 0);
      const numbers = assignRouteNumbers(arrivals, routes);
      for (const { span, body, starts, newTraces: fresh } of arrivals) {
        const added = fresh.map((trace) => ({ ...trace, route: numbers.get(trace.route) ?? 0 }));
        upsert.run(chunkKey(test, span), extendTraces(body, starts, added, writer));
      }
      if (arrivals.length > 0) cache.evict(test);
      return arrivals.flatMap(({ newTraces }) => newTraces);
    },
    read: cache.read,
    newestStarts(test, from, to) {
      const starts: number[][] = [];
      let found = 0;
      const last = spanOf(to);
      for (let span = last; span >= spanOf(from) && span > last - maxSpansSearched; span--) {
        const startsInSpan = startsOf(test, span);
        starts.push(startsInSpan);
        found += startsInSpan.length;
        if (found >= minStarts) break;
      }
      return starts.reverse().flat();
    },
    readUncached: (test, window) => readWindow(test, window, memoize(routes.routeOf)),
    readNumbered: (test, window) => readWindow(test, window, (number) => number),
    clearCache: cache.clear,
    prune(midnight) {
      const before = chunkKey(0, spanOf(midnight));
      const { key } = oldest.get() as { key: number | null };
      if (key === null || key >= before) return null;
      removeBelow.run(before);
      cache.clear();
      return chunkStart(key);
    },
  };
}

/** What came in for a span: the row that is there, its starts in ms, and the traces that it does not have. */
interface SpanArrival {
  readonly span: number;
  readonly body: Uint8Array | null;
  readonly starts: readonly number[];
  readonly newTraces: readonly Trace[];
}

/** Traces of which no start is known yet; of two that arrive with the same start, the first. */
function selectNew(incoming: readonly Trace[], starts: readonly number[]): Trace[] {
  const known = new Set(starts);
  return incoming.filter((trace) => {
    const at = startMs(trace.startedAt);
    if (known.has(at)) return false;
    known.add(at);
    return true;
  });
}

/** Stored numbers of the routes of all new traces, each as of the last day on which one took it. */
function assignRouteNumbers(arrivals: readonly SpanArrival[], routes: Routes): Map<Route, number> {
  const days = new Map<Route, number>();
  for (const { span, newTraces } of arrivals) {
    const day = dayOf(span * spanSeconds);
    for (const { route } of newTraces) days.set(route, Math.max(day, days.get(route) ?? 0));
  }
  return new Map([...days].map(([route, day]) => [route, routes.numberOf(route, day)]));
}
