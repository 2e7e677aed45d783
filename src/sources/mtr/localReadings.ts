import type { Failure, Responder, Route, Trace } from '../../model/trace/trace.ts';
import type { LocalReading, TestDescription } from '../types.ts';
import { createRoutePool } from './createTrace.ts';
import type { LocalRun } from './localRun.ts';

/** Groups runs by test. */
export interface ReadingTable {
  readonly intern: (route: Route) => Route;
  add(run: LocalRun): void;
  readonly runs: number;
  readings(): LocalReading[];
}

interface ReadingBuffer {
  test: TestDescription;
  readonly traces: Map<number, Trace>;
  readonly failures: Failure[];
  readonly responders: Map<string, Responder>;
}

function emptyBuffer(test: TestDescription): ReadingBuffer {
  return { test, traces: new Map(), failures: [], responders: new Map() };
}

/** An empty table. */
export function createReadingTable(): ReadingTable {
  const byTest = new Map<string, ReadingBuffer>();
  let runs = 0;
  return {
    intern: createRoutePool(),
    get runs() {
      return runs;
    },
    add({ test, trace, failure, responders }) {
      runs += 1;
      const buffer = byTest.get(test.id) ?? emptyBuffer(test);
      byTest.set(test.id, buffer);
      buffer.test = test;
      if (trace !== null && !buffer.traces.has(trace.startedAt)) {
        buffer.traces.set(trace.startedAt, trace);
      }
      if (failure !== null) buffer.failures.push(failure);
      for (const seen of responders.values()) mergeResponder(buffer.responders, seen);
    },
    readings: () => [...byTest.values()].map(readingOf),
  };
}

function mergeResponder(responders: Map<string, Responder>, responder: Responder): void {
  const before = responders.get(responder.address);
  responders.set(responder.address, {
    ...responder,
    hostname: responder.hostname ?? before?.hostname ?? null,
    asn: responder.asn ?? before?.asn ?? null,
  });
}

function readingOf({ test, traces, failures, responders }: ReadingBuffer): LocalReading {
  const ascending = [...traces.values()].sort((a, b) => a.startedAt - b.startedAt);
  const times = [...traces.keys(), ...failures.map(({ at }) => at)];
  const interval = times.reduce(
    ({ from, to }, at) => ({ from: Math.min(from, at), to: Math.max(to, at) }),
    { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY },
  );
  return { test, interval, traces: ascending, failures, responders };
}
