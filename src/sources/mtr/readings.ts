import type { Failure, Interval, Responder, Route, Trace } from '../../model/trace.ts';
import type { LocalTest } from './localTest.ts';
import type { LocalRun } from './run.ts';
import { createRouteInterner } from './trace.ts';

/** Runs of one test, ready for the store. */
export interface LocalReading {
  readonly test: LocalTest;
  /** From the first of them to the last. */
  readonly interval: Interval;
  /** Ascending in time, one for each start; equal routes are one object. */
  readonly traces: readonly Trace[];
  readonly responders: ReadonlyMap<string, Responder>;
  readonly failures: readonly Failure[];
}

/** Collects runs by test. */
export interface ReadingTable {
  readonly intern: (route: Route) => Route;
  add(run: LocalRun): void;
  readonly runs: number;
  readings(): LocalReading[];
}

interface Gathered {
  test: LocalTest;
  readonly traces: Map<number, Trace>;
  readonly failures: Failure[];
  readonly responders: Map<string, Responder>;
}

function nothingOf(test: LocalTest): Gathered {
  return { test, traces: new Map(), failures: [], responders: new Map() };
}

/** An empty table. */
export function createReadingTable(): ReadingTable {
  const byTest = new Map<string, Gathered>();
  let runs = 0;
  return {
    intern: createRouteInterner(),
    get runs() {
      return runs;
    },
    add({ test, trace, failure, responders }) {
      runs += 1;
      const gathered = byTest.get(test.id) ?? nothingOf(test);
      byTest.set(test.id, gathered);
      gathered.test = test;
      if (trace !== null && !gathered.traces.has(trace.startedAt)) {
        gathered.traces.set(trace.startedAt, trace);
      }
      if (failure !== null) gathered.failures.push(failure);
      for (const seen of responders.values()) learn(gathered.responders, seen);
    },
    readings: () => [...byTest.values()].map(readingOf),
  };
}

function learn(responders: Map<string, Responder>, seen: Responder): void {
  const before = responders.get(seen.address);
  responders.set(seen.address, {
    ...seen,
    hostname: seen.hostname ?? before?.hostname ?? null,
    asn: seen.asn ?? before?.asn ?? null,
  });
}

function readingOf({ test, traces, failures, responders }: Gathered): LocalReading {
  const ascending = [...traces.values()].sort((a, b) => a.startedAt - b.startedAt);
  const times = [...traces.keys(), ...failures.map(({ at }) => at)];
  const interval = times.reduce(
    ({ from, to }, at) => ({ from: Math.min(from, at), to: Math.max(to, at) }),
    { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY },
  );
  return { test, interval, traces: ascending, failures, responders };
}
