import { daySeconds } from '../../model/time.ts';
import type { Interval } from '../../model/trace.ts';

/** Span of time that one row of traces holds, 6 h in seconds. Part of the stored layout: `chunk.key` counts these spans. */
export const spanSeconds = daySeconds / 4;
const maxTestNumbers = 2 ** 32;
/** 2^20 spans reach into the year 2687; beyond, a key would pass 2^53. */
const maxSpans = 2 ** 20;
/** Starts are told apart by ms, in seconds. */
export const startResolution = 0.001;

/** The span that a moment lies in. Throws a `RangeError` for one that cannot be stored. */
export function spanOf(at: number): number {
  const span = Math.floor(at / spanSeconds);
  if (!(span >= 0 && span < maxSpans)) throw new RangeError(`not a time that can be stored: ${at}`);
  return span;
}

/** A window, cut into pieces of one row each. */
export function* splitAtSpans({ from, to }: Interval): Generator<Interval> {
  for (let span = spanOf(from); span <= spanOf(to); span++) {
    const start = span * spanSeconds;
    yield { from: Math.max(from, start), to: Math.min(to, start + spanSeconds - startResolution) };
  }
}

/** The key of the row with a test's traces of a span. Rows of earlier spans have smaller keys, whatever their tests. */
export function chunkKey(test: number, span: number): number {
  return span * maxTestNumbers + test;
}

/** When the span of the row with a key begins, epoch seconds. */
export function chunkStart(key: number): number {
  return Math.floor(key / maxTestNumbers) * spanSeconds;
}

/** The test and the span of time, both ends included, of the row with a key. */
export function decodeChunkKey(key: number): { readonly test: number; readonly span: Interval } {
  const from = chunkStart(key);
  return { test: key % maxTestNumbers, span: { from, to: from + spanSeconds - startResolution } };
}
