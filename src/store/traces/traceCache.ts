import type { Interval, Route, Trace } from '../../model/trace/trace.ts';
import { memoize } from '../../model/values/memoize.ts';
import { spanOf } from './chunkSpans.ts';

/**
 * Caches the traces of the tests that were read last. Several passes read a test and the others of
 * its pair of hosts in a row; the cache unpacks each once. Writers have to evict what they change.
 */
export interface TraceCache {
  /** The traces that started within a window, ascending; equal routes are the same object. */
  read(test: number, window: Interval): Trace[];
  evict(test: number): void;
  clear(): void;
}

interface CachedTest {
  readonly test: number;
  readonly bySpan: Map<number, readonly Trace[]>;
  readonly routeOf: (number: number) => Route;
  /** Number of traces plus number of spans. */
  size: number;
}

/** Both directions of a pair of hosts, each in two families or two archives. */
const maxTests = 4;
/** Three weeks of a test that runs every 10 minutes, about 3 MB; a larger test is not cached. */
const maxTraces = 3000;

/** Caches what `readSpan` reads. `routeOf` returns the route with a stored number. */
export function createTraceCache(
  readSpan: (test: number, span: number, routeOf: (number: number) => Route) => readonly Trace[],
  routeOf: (number: number) => Route,
): TraceCache {
  let tests: readonly CachedTest[] = [];

  function cachedTestFor(test: number): CachedTest {
    const known = tests.find((cached) => cached.test === test);
    if (known !== undefined) return known;
    const cached = { test, bySpan: new Map(), routeOf: memoize(routeOf), size: 0 };
    tests = [...tests.slice(1 - maxTests), cached];
    return cached;
  }

  function evict(test: number): void {
    tests = tests.filter((cached) => cached.test !== test);
  }

  function tracesInSpan(cached: CachedTest, span: number): readonly Trace[] {
    const known = cached.bySpan.get(span);
    if (known !== undefined) return known;
    const traces = readSpan(cached.test, span, cached.routeOf);
    cached.bySpan.set(span, traces);
    cached.size += traces.length + 1;
    return traces;
  }

  return {
    read(test, { from, to }) {
      const cached = cachedTestFor(test);
      const traces: Trace[] = [];
      const last = spanOf(to);
      for (let span = spanOf(from); span <= last; span++) {
        for (const trace of tracesInSpan(cached, span)) {
          if (trace.startedAt >= from && trace.startedAt <= to) traces.push(trace);
        }
      }
      if (cached.size > maxTraces) evict(test);
      return traces;
    },
    evict,
    clear: () => {
      tests = [];
    },
  };
}
