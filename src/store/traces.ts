import type { DatabaseSync } from 'node:sqlite';
import type { Interval, Trace } from '../model/trace.ts';
import type { ByteWriter } from './bytes.ts';
import { packTraces, startMs, type TraceOf, unpackTraces } from './packedTraces.ts';
import { once, type Routes } from './routes.ts';

/** Span of time that one row holds, seconds. Part of the stored layout: `chunk.key` counts these spans. */
const spanSeconds = 6 * 3600;
const testNumbers = 2 ** 32;
/** 2^20 spans reach into the year 2687; beyond, a key would pass 2^53. */
const spans = 2 ** 20;
/** Enough starts for a median spacing, and how far back they are looked for: 100 days. */
const startsWanted = 24;
const spansSearched = 400;

/** Traces of all tests, in rows of one test and six hours each. */
export interface Traces {
  /** Adds traces in any order; one whose start is known already changes nothing. Returns those that were new. */
  append(test: number, traces: readonly Trace[]): TraceOf<number>[];
  /** Traces that started within the window, ascending; equal routes are the same object. */
  read(test: number, window: Interval): Trace[];
  /** Newest starts up to `to` (at least 24 where there are as many), ascending, epoch seconds. */
  newestStarts(test: number, from: number, to: number): number[];
}

/** Opens the table of traces. */
export function openTraces(database: DatabaseSync, routes: Routes, writer: ByteWriter): Traces {
  const select = database.prepare('SELECT body FROM chunk WHERE key = ?');
  const upsert = database.prepare(
    'INSERT INTO chunk (key, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
  );

  function readSpan<R>(test: number, span: number, routeOf: (n: number) => R): TraceOf<R>[] {
    const row = select.get(chunkKey(test, span)) as { body: Uint8Array } | undefined;
    return row === undefined ? [] : unpackTraces(row.body, routeOf);
  }

  return {
    append(test, traces) {
      const numberOf = once(routes.numberOf);
      const added: TraceOf<number>[] = [];
      const bySpan = Map.groupBy(traces, (trace) => spanOf(startMs(trace.startedAt) / 1000));
      for (const [span, arrived] of bySpan) {
        const stored = readSpan(test, span, (number) => number);
        const fresh = unknownOf(arrived, stored);
        if (fresh.length === 0) continue;
        const numbered = fresh.map((trace) => ({ ...trace, route: numberOf(trace.route) }));
        const all = [...stored, ...numbered].sort((a, b) => a.startedAt - b.startedAt);
        upsert.run(chunkKey(test, span), packTraces(all, writer));
        added.push(...numbered);
      }
      return added;
    },
    read(test, window) {
      const routeOf = once(routes.routeOf);
      const traces: Trace[] = [];
      for (let span = spanOf(window.from); span <= spanOf(window.to); span++) {
        for (const trace of readSpan(test, span, routeOf)) {
          if (trace.startedAt >= window.from && trace.startedAt <= window.to) traces.push(trace);
        }
      }
      return traces;
    },
    newestStarts(test, from, to) {
      const starts: number[][] = [];
      let found = 0;
      const last = spanOf(to);
      for (let span = last; span >= spanOf(from) && span > last - spansSearched; span--) {
        const inSpan = readSpan(test, span, () => 0).map((trace) => trace.startedAt);
        starts.push(inSpan);
        found += inSpan.length;
        if (found >= startsWanted) break;
      }
      return starts.reverse().flat();
    },
  };
}

/** Traces of which the store has no start yet; of two that arrive with the same start, the first. */
function unknownOf(arrived: readonly Trace[], stored: readonly TraceOf<number>[]): Trace[] {
  const known = new Set(stored.map((trace) => startMs(trace.startedAt)));
  return arrived.filter((trace) => {
    const at = startMs(trace.startedAt);
    if (known.has(at)) return false;
    known.add(at);
    return true;
  });
}

function spanOf(at: number): number {
  const span = Math.floor(at / spanSeconds);
  if (!(span >= 0 && span < spans)) throw new RangeError(`not a time that can be stored: ${at}`);
  return span;
}

function chunkKey(test: number, span: number): number {
  return span * testNumbers + test;
}
