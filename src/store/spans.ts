import type { Interval } from '../model/trace.ts';
import { daySeconds } from './days.ts';

/** Span of time that one row of traces holds, 6 h in seconds. Part of the stored layout: `chunk.key` counts these spans. */
export const spanSeconds = daySeconds / 4;
const testNumbers = 2 ** 32;
/** 2^20 spans reach into the year 2687; beyond, a key would pass 2^53. */
const spans = 2 ** 20;
/** Starts are told apart by ms, in seconds. */
export const startResolution = 0.001;

/** The span that a moment lies in. Throws a `RangeError` for one that cannot be stored. */
export function spanOf(at: number): number {
  const span = Math.floor(at / spanSeconds);
  if (!(span >= 0 && span < spans)) throw new RangeError(`not a time that can be stored: ${at}`);
  return span;
}

/** A window, cut into pieces of one row each. */
export function* spansOf({ from, to }: Interval): Generator<Interval> {
  for (let span = spanOf(from); span <= spanOf(to); span++) {
    const start = span * spanSeconds;
    yield { from: Math.max(from, start), to: Math.min(to, start + spanSeconds - startResolution) };
  }
}

/** The key of the row with a test's traces of a span. Rows of earlier spans have smaller keys, whatever their tests. */
export function chunkKey(test: number, span: number): number {
  return span * testNumbers + test;
}

/** When the span of the row with a key begins, epoch seconds. */
export function startOfChunk(key: number): number {
  return Math.floor(key / testNumbers) * spanSeconds;
}

/** The test and the span of time, both ends included, of the row with a key. */
export function placeOfChunk(key: number): { readonly test: number; readonly span: Interval } {
  const from = startOfChunk(key);
  return { test: key % testNumbers, span: { from, to: from + spanSeconds - startResolution } };
}
