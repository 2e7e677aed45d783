import { HopSequence } from './hopSequence.ts';
import {
  closeBrace,
  closeBracket,
  comma,
  JsonScanner,
  openBrace,
  openBracket,
} from './jsonScanner.ts';
import type { ResultFaults } from './resultFaults.ts';
import {
  createTraceCollector,
  type ParsedTraces,
  type TraceCollector,
  type TraceContext,
} from './traceCollector.ts';

/** Traces, and the number of results in the response. */
export type ScannedTraces = ParsedTraces & { readonly results: number };

/**
 * Does what `parseTraces` does for the text of a response, without parsing repeated hop records
 * again. null if the response is not a list of results as archives send them; it may then be valid,
 * but has to be parsed.
 */
export function scanTraces(
  bytes: Buffer,
  context: TraceContext,
  faults: ResultFaults,
): ScannedTraces | null {
  const scanner = new JsonScanner(bytes);
  const collector = createTraceCollector(context, faults);
  try {
    const results = scanResults(scanner, collector);
    return results === null ? null : { results, ...collector.finish() };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function scanResults(scanner: JsonScanner, collector: TraceCollector): number | null {
  const hops = new HopSequence(scanner);
  let results = 0;
  if (!scanner.accept(openBracket)) return null;
  if (!scanner.accept(closeBracket)) {
    do {
      if (!scanResult(scanner, hops, collector)) return null;
      results += 1;
    } while (scanner.accept(comma));
    if (!scanner.accept(closeBracket)) return null;
  }
  return scanner.peek() === undefined ? results : null;
}

function scanResult(scanner: JsonScanner, hops: HopSequence, collector: TraceCollector): boolean {
  if (!scanner.accept(openBrace) || !scanner.acceptName('ts')) return false;
  scanner.peek();
  const ts = scanner.readNumber();
  if (Number.isNaN(ts) || !scanner.accept(comma) || !scanner.acceptName('val')) return false;
  scanner.peek();
  const from = scanner.position;
  if (hops.read()) collector.addSequence(ts, hops);
  else {
    scanner.position = from;
    if (!scanner.skipValue()) return false;
    collector.add(ts, JSON.parse(scanner.json(from, scanner.position)));
  }
  return !hops.isFutile && scanner.accept(closeBrace);
}
