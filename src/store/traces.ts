import type { DatabaseSync } from 'node:sqlite';
import type { Interval, Route, Trace } from '../model/trace.ts';
import type { ByteWriter } from './bytes.ts';
import { dayOf } from './days.ts';
import { holdTraces } from './heldTraces.ts';
import { packTraces, startMs, type TraceOf, unpackTraces } from './packedTraces.ts';
import { once, type Routes } from './routes.ts';
import { chunkKey, spanOf, spanSeconds, startOfChunk } from './spans.ts';

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
  /** As `read`, with the routes by their stored numbers. */
  numbered(test: number, window: Interval): TraceOf<number>[];
  /** Lets go of the traces that are held in memory: needed after a rollback, which takes some back. */
  release(): void;
  /** Deletes the traces of all tests that started before a midnight; where in time they began, null without any. */
  forget(midnight: number): number | null;
}

/** Opens the table of traces. */
export function openTraces(database: DatabaseSync, routes: Routes, writer: ByteWriter): Traces {
  const select = database.prepare('SELECT body FROM chunk WHERE key = ?');
  const upsert = database.prepare(
    'INSERT INTO chunk (key, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
  );

  const oldest = database.prepare('SELECT min(key) AS key FROM chunk');
  const removeBelow = database.prepare('DELETE FROM chunk WHERE key < ?');

  function readSpan<R>(test: number, span: number, routeOf: (n: number) => R): TraceOf<R>[] {
    const row = select.get(chunkKey(test, span)) as { body: Uint8Array } | undefined;
    return row === undefined ? [] : unpackTraces(row.body, routeOf);
  }

  const held = holdTraces(readSpan, routes.routeOf);

  return {
    append(test, traces) {
      const added: TraceOf<number>[] = [];
      const bySpan = Map.groupBy(traces, (trace) => spanOf(startMs(trace.startedAt) / 1000));
      for (const [span, arrived] of bySpan) {
        const stored = readSpan(test, span, (number) => number);
        const fresh = unknownOf(arrived, stored);
        if (fresh.length === 0) continue;
        const day = dayOf(span * spanSeconds);
        const numberOf = once((route: Route) => routes.numberOf(route, day));
        const numbered = fresh.map((trace) => ({ ...trace, route: numberOf(trace.route) }));
        const all = [...stored, ...numbered].sort((a, b) => a.startedAt - b.startedAt);
        upsert.run(chunkKey(test, span), packTraces(all, writer));
        added.push(...numbered);
      }
      if (added.length > 0) held.release(test);
      return added;
    },
    read: held.read,
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
    numbered(test, { from, to }) {
      const traces: TraceOf<number>[] = [];
      for (let span = spanOf(from); span <= spanOf(to); span++) {
        for (const trace of readSpan(test, span, (number) => number)) {
          if (trace.startedAt >= from && trace.startedAt <= to) traces.push(trace);
        }
      }
      return traces;
    },
    release: held.releaseAll,
    forget(midnight) {
      const before = chunkKey(0, spanOf(midnight));
      const { key } = oldest.get() as { key: number | null };
      if (key === null || key >= before) return null;
      removeBelow.run(before);
      held.releaseAll();
      return startOfChunk(key);
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
