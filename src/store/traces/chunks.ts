import type { DatabaseSync } from 'node:sqlite';
import type { ByteWriter } from '../db/bytes.ts';
import { bytes, nullable, number, query } from '../db/query.ts';
import { chunkKey, chunkStart, spanOf } from './chunkSpans.ts';
import { extendTraces, readStarts, type TraceWithRoute, unpackTraces } from './packedTraces.ts';

/** The packed traces of one test in one span. */
export interface Chunk {
  /** Starts of the stored traces, ascending, ms. */
  readonly starts: readonly number[];
  /** Adds traces, in any order, whose starts are new. */
  extend(added: readonly TraceWithRoute<number>[]): void;
}

/** The table of chunks, by test and span. */
export interface Chunks {
  /**
   * The traces that start at or after `from` (epoch seconds), ascending, with their routes mapped.
   */
  read<R>(
    test: number,
    span: number,
    routeOf: (number: number) => R,
    from?: number,
  ): TraceWithRoute<R>[];
  /** A chunk, empty if none is stored. */
  find(test: number, span: number): Chunk;
  /**
   * Deletes the rows of all spans before that of a moment; returns the start of the oldest, or
   * null.
   */
  prune(before: number): number | null;
  /** Deletes the rows of all spans after that of a moment. */
  deleteAfter(moment: number): void;
  /** Deletes the traces of a test that start after a moment within its span. */
  truncate(test: number, moment: number): void;
  /** The span of the first row of a test; null for none. Reads all keys. */
  firstSpan(test: number): number | null;
}

/** Opens the table of chunks. */
export function openChunks(database: DatabaseSync, writer: ByteWriter): Chunks {
  const select = query(database, 'SELECT body FROM chunk WHERE key = ?', { body: bytes });
  const selectOldest = query(database, 'SELECT min(key) AS key FROM chunk', {
    key: nullable(number),
  });
  const upsert = database.prepare(
    'INSERT INTO chunk (key, body) VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body',
  );
  const deleteBelow = database.prepare('DELETE FROM chunk WHERE key < ?');
  const deleteFrom = database.prepare('DELETE FROM chunk WHERE key >= ?');
  const deleteOne = database.prepare('DELETE FROM chunk WHERE key = ?');
  const selectFirst = query(
    database,
    'SELECT min(key) AS key FROM chunk WHERE key % 4294967296 = ?',
    { key: nullable(number) },
  );

  function bodyOf(test: number, span: number): Uint8Array | null {
    return select.get(chunkKey(test, span))?.body ?? null;
  }

  return {
    read(test, span, routeOf, from = 0) {
      const body = bodyOf(test, span);
      return body === null ? [] : unpackTraces(body, routeOf, Math.floor(from * 1000));
    },
    find(test, span) {
      const body = bodyOf(test, span);
      const starts = body === null ? [] : readStarts(body);
      return {
        starts,
        extend(added) {
          upsert.run(chunkKey(test, span), extendTraces(body, starts, added, writer));
        },
      };
    },
    prune(before) {
      const firstKept = chunkKey(0, spanOf(before));
      const oldest = selectOldest.get()?.key ?? null;
      if (oldest === null || oldest >= firstKept) return null;
      deleteBelow.run(firstKept);
      return chunkStart(oldest);
    },
    deleteAfter(moment) {
      deleteFrom.run(chunkKey(0, spanOf(moment) + 1));
    },
    truncate(test, moment) {
      const key = chunkKey(test, spanOf(moment));
      const body = bodyOf(test, spanOf(moment));
      if (body === null) return;
      const traces = unpackTraces(body, (route) => route);
      const kept = traces.filter(({ startedAt }) => startedAt <= moment);
      if (kept.length === 0) deleteOne.run(key);
      else if (kept.length < traces.length) upsert.run(key, extendTraces(null, [], kept, writer));
    },
    firstSpan(test) {
      const key = selectFirst.get(test)?.key ?? null;
      return key === null ? null : spanOf(chunkStart(key));
    },
  };
}
