import { HttpError } from '../../lib/http/httpError.ts';
import type { Interval } from '../../model/trace.ts';
import { maxTtl } from '../probeValues.ts';
import type { ReadableTest } from '../types.ts';
import type { ArchiveApi } from './archiveApi.ts';
import { type ParsedTraces, parseTraces } from './parseResults.ts';
import { readSpan, type SpanResult } from './readSpan.ts';
import { createResultFaults, type ResultFaults } from './resultFaults.ts';
import { isElmondKey } from './testMetadata.ts';

/** Traces, and the faults of the other results. */
export type TraceContent = ParsedTraces & { readonly faults: ResultFaults };

/**
 * Reads the traces of a test in a span. Tools that probe several flows have them in
 * `packet-trace-multi`; `packet-trace` has only the first. If the archive rejects that event type,
 * or if it is empty or broken, `packet-trace` replaces it.
 */
export function createTraceReader(
  api: ArchiveApi,
  test: ReadableTest,
): (span: Interval) => Promise<SpanResult<TraceContent>> {
  const { destination } = test;
  const firstTtl = firstTtlOf(test);
  const lastTtl = ttlParameter(test, 'trace-max-ttl') ?? defaultLastTtl;
  const parse = (results: readonly unknown[], interval: Interval): TraceContent => {
    const faults = createResultFaults();
    return {
      ...parseTraces(results, { destination, firstTtl, lastTtl, interval }, faults),
      faults,
    };
  };
  let usesMulti = hasSeveralFlows(test);
  return async (span) => {
    if (usesMulti) {
      const result = await nullIfRefused(
        readSpan(api, test.key, 'packet-trace-multi', span, parse),
      );
      const isComplete = result !== null && result.unreadable.length === 0;
      if (isComplete && result.pieces.some(({ results }) => results > 0)) return result;
      usesMulti = isComplete;
    }
    return readSpan(api, test.key, 'packet-trace', span, parse);
  };
}

/** esmond has several flows only if it lists them; elmond generates them on request. */
function hasSeveralFlows({ key, tool, parameters, eventTypes }: ReadableTest): boolean {
  const multipathTools = /^(paris|dublin)-traceroute$/;
  const isCapable =
    multipathTools.test(tool) || multipathTools.test(parameters['trace-algorithm'] ?? '');
  return isCapable && (eventTypes.includes('packet-trace-multi') || isElmondKey(key));
}

async function nullIfRefused<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof HttpError && error.reason === 'status') return null;
    throw error;
  }
}

/** Tools that heed `trace-first-ttl`; tracepath ignores it. */
const toolsWithFirstTtl = new Set(['traceroute', 'paris-traceroute', 'dublin-traceroute']);

function firstTtlOf(test: ReadableTest): number {
  const ttl = toolsWithFirstTtl.has(test.tool) ? ttlParameter(test, 'trace-first-ttl') : null;
  return ttl ?? 1;
}

/** The last ttl that traceroute, tracepath and paris-traceroute probe by default. */
const defaultLastTtl = 30;

/** A parameter that is a ttl; null for none. */
function ttlParameter({ parameters }: ReadableTest, name: string): number | null {
  const ttl = Number(parameters[name] ?? Number.NaN);
  return Number.isInteger(ttl) && ttl >= 1 && ttl <= maxTtl ? ttl : null;
}
