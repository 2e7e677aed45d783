import type { Interval } from '../../model/trace/trace.ts';
import { daySeconds } from '../../model/values/time.ts';

/** Span of one row of traces: 6 h, in seconds. Part of the layout: `chunk.key` counts spans. */
export const spanSeconds = daySeconds / 4;
const maxTestNumbers = 2 ** 32;
/** 2^20 spans reach into the year 2687; a later key would exceed 2^53. */
const maxSpans = 2 ** 20;
/** Resolution of starts: 1 ms, in seconds. */
export const startResolution = 0.001;

/** The span that contains a moment (epoch seconds). Throws `RangeError` if it cannot be stored. */
export function spanOf(at: number): number {
  const span = Math.floor(at / spanSeconds);
  if (!(span >= 0 && span < maxSpans)) throw new RangeError(`the time ${at} cannot be stored`);
  return span;
}

/** Splits a window into the parts that lie in one row each. */
export function* splitAtSpans({ from, to }: Interval): Generator<Interval> {
  for (let span = spanOf(from); span <= spanOf(to); span++) {
    const start = span * spanSeconds;
    yield { from: Math.max(from, start), to: Math.min(to, start + spanSeconds - startResolution) };
  }
}

/**
 * The key of the row of a test and a span. Rows of earlier spans have smaller keys, for all tests.
 */
export function chunkKey(test: number, span: number): number {
  return span * maxTestNumbers + test;
}

/** Start of the span of a row, by its key; epoch seconds. */
export function chunkStart(key: number): number {
  return Math.floor(key / maxTestNumbers) * spanSeconds;
}

/** The test and the span, both ends included, of a row, by its key. */
export function decodeChunkKey(key: number): { readonly test: number; readonly span: Interval } {
  const from = chunkStart(key);
  return { test: key % maxTestNumbers, span: { from, to: from + spanSeconds - startResolution } };
}
