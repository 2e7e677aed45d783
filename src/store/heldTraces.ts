import type { Interval, Route, Trace } from '../model/trace.ts';
import { once } from './once.ts';
import { spanOf } from './spans.ts';

/**
 * The traces of the tests that were read last: the passes over a test, and over the others of its pair of hosts, come one after
 * the other and unpack them once. Whoever writes traces releases them.
 */
export interface HeldTraces {
  /** Traces that started within the window, ascending; equal routes are the same object. */
  read(test: number, window: Interval): Trace[];
  release(test: number): void;
  releaseAll(): void;
}

interface HeldTest {
  readonly test: number;
  readonly bySpan: Map<number, readonly Trace[]>;
  readonly routeOf: (number: number) => Route;
  /** Its traces, and one for each span. */
  size: number;
}

/** Both directions of a pair of hosts, each in two families or two archives. */
const mostTests = 4;
/** Three weeks of a test that runs every ten minutes, some 3 MB; one with more is not held. */
const mostTraces = 3000;

/** Holds what `readSpan` reads. `routeOf` gives the route of a stored number. */
export function holdTraces(
  readSpan: (test: number, span: number, routeOf: (number: number) => Route) => readonly Trace[],
  routeOf: (number: number) => Route,
): HeldTraces {
  let tests: readonly HeldTest[] = [];

  function heldOf(test: number): HeldTest {
    const known = tests.find((held) => held.test === test);
    if (known !== undefined) return known;
    const held = { test, bySpan: new Map(), routeOf: once(routeOf), size: 0 };
    tests = [...tests.slice(1 - mostTests), held];
    return held;
  }

  function release(test: number): void {
    tests = tests.filter((held) => held.test !== test);
  }

  function inSpan(held: HeldTest, span: number): readonly Trace[] {
    const known = held.bySpan.get(span);
    if (known !== undefined) return known;
    const traces = readSpan(held.test, span, held.routeOf);
    held.bySpan.set(span, traces);
    held.size += traces.length + 1;
    return traces;
  }

  return {
    read(test, { from, to }) {
      const held = heldOf(test);
      const traces: Trace[] = [];
      const last = spanOf(to);
      for (let span = spanOf(from); span <= last; span++) {
        for (const trace of inSpan(held, span)) {
          if (trace.startedAt >= from && trace.startedAt <= to) traces.push(trace);
        }
      }
      if (held.size > mostTraces) release(test);
      return traces;
    },
    release,
    releaseAll: () => {
      tests = [];
    },
  };
}
