import { HttpError } from '../../lib/http/httpError.ts';
import type { JsonDocument } from '../../lib/http/types.ts';
import type { Test } from '../../model/test/test.ts';
import type { Interval } from '../../model/trace/trace.ts';
import { maxTtl } from '../probeValues.ts';
import type { ReadableTest } from '../types.ts';
import { answerList } from './answerList.ts';
import type { ArchiveApi } from './archiveApi.ts';
import { parseTraces } from './parseResults.ts';
import { readSpan, type SpanContent, type SpanResult } from './readSpan.ts';
import { createResultFaults, type ResultFaults } from './resultFaults.ts';
import type { ProbedTtls } from './routeInterner.ts';
import { scanTraces } from './scanTraces.ts';
import { isElmondKey } from './testMetadata.ts';
import type { ParsedTraces, TraceContext } from './traceCollector.ts';

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
  const { firstTtl, lastTtl } = probedTtls(test);
  const parse = (document: JsonDocument, interval: Interval): SpanContent<TraceContent> =>
    readDocument(document, api.id, { destination, firstTtl, lastTtl, interval });
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

function readDocument(
  document: JsonDocument,
  subject: string,
  context: TraceContext,
): SpanContent<TraceContent> {
  const scanFaults = createResultFaults();
  const scanned = scanTraces(document.bytes, context, scanFaults);
  if (scanned !== null)
    return { content: { ...scanned, faults: scanFaults }, results: scanned.results };
  const list = answerList(document, subject);
  const faults = createResultFaults();
  return { content: { ...parseTraces(list, context, faults), faults }, results: list.length };
}

/** esmond has several flows only if it lists them; elmond generates them on request. */
function hasSeveralFlows(test: ReadableTest): boolean {
  const { key, eventTypes } = test;
  return probesFlows(test) && (eventTypes.includes('packet-trace-multi') || isElmondKey(key));
}

/** Whether the tool of a test probes several flows, so that they are the branches of one route. */
export function probesFlows({ tool, parameters }: Pick<Test, 'tool' | 'parameters'>): boolean {
  const multipathTools = /^(paris|dublin)-traceroute$/;
  return multipathTools.test(tool) || multipathTools.test(parameters['trace-algorithm'] ?? '');
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

/** The last ttl that traceroute, tracepath and paris-traceroute probe by default. */
const defaultLastTtl = 30;

/** The ttls that a test probes at most. */
export function probedTtls({ tool, parameters }: Pick<Test, 'tool' | 'parameters'>): ProbedTtls {
  const first = toolsWithFirstTtl.has(tool) ? ttlOf(parameters['trace-first-ttl']) : null;
  return { firstTtl: first ?? 1, lastTtl: ttlOf(parameters['trace-max-ttl']) ?? defaultLastTtl };
}

/** A parameter that is a ttl; null for none. */
function ttlOf(parameter: string | undefined): number | null {
  const ttl = Number(parameter ?? Number.NaN);
  return Number.isInteger(ttl) && ttl >= 1 && ttl <= maxTtl ? ttl : null;
}
