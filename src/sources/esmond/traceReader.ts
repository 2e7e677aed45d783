import { HttpError } from '../../lib/http/failure.ts';
import type { Interval } from '../../model/trace.ts';
import type { ArchiveApi } from './api.ts';
import type { ReadableTest } from './contract.ts';
import { createFaults, type Faults } from './faults.ts';
import { isElmondKey } from './metadata.ts';
import { type ParsedTraces, parseTraces } from './parse.ts';
import { readSpan, type SpanAnswer } from './slices.ts';

/** Traces, and what was wrong with results between them. */
export type TraceContent = ParsedTraces & { readonly faults: Faults };

/**
 * Reads the traces of a test in a span. Tools that probe several paths have them in `packet-trace-multi`, of which
 * `packet-trace` is only the first; where that event type is refused, empty or broken, `packet-trace` stands in.
 */
export function createTraceReader(
  api: ArchiveApi,
  test: ReadableTest,
): (span: Interval) => Promise<SpanAnswer<TraceContent>> {
  const { destination } = test;
  const firstTtl = firstTtlOf(test);
  const take = (results: readonly unknown[], interval: Interval): TraceContent => {
    const faults = createFaults();
    return { ...parseTraces(results, { destination, firstTtl, interval }, faults), faults };
  };
  let multi = hasSeveralPaths(test);
  return async (span) => {
    if (multi) {
      const paths = await unlessRefused(readSpan(api, test.key, 'packet-trace-multi', span, take));
      const whole = paths !== null && paths.lost.length === 0;
      if (whole && paths.pieces.some(({ results }) => results > 0)) return paths;
      multi = whole;
    }
    return readSpan(api, test.key, 'packet-trace', span, take);
  };
}

/** esmond stores several paths only where it lists them; elmond makes them up on request. */
function hasSeveralPaths({ key, tool, parameters, eventTypes }: ReadableTest): boolean {
  const several = /^(paris|dublin)-traceroute$/;
  const capable = several.test(tool) || several.test(parameters['trace-algorithm'] ?? '');
  return capable && (eventTypes.includes('packet-trace-multi') || isElmondKey(key));
}

async function unlessRefused<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof HttpError && error.reason === 'status') return null;
    throw error;
  }
}

/** Tools whose `trace-first-ttl` says where they begin; tracepath ignores it. */
const toolsWithFirstTtl = new Set(['traceroute', 'paris-traceroute', 'dublin-traceroute']);

function firstTtlOf({ tool, parameters }: ReadableTest): number {
  const ttl = Number(parameters['trace-first-ttl'] ?? 1);
  const usable = toolsWithFirstTtl.has(tool) && Number.isInteger(ttl) && ttl >= 1 && ttl <= 255;
  return usable ? ttl : 1;
}
