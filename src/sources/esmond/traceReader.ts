import { HttpError } from '../../lib/http/failure.ts';
import type { Interval } from '../../model/trace.ts';
import type { ArchiveApi } from './api.ts';
import type { ReadableTest } from './contract.ts';
import { isElmondKey } from './metadata.ts';
import { readSpan, type SpanAnswer } from './slices.ts';

/**
 * Reads the traces of a test in a span. Tools that probe several paths have them in `packet-trace-multi`, of which
 * `packet-trace` is only the first; where that event type is refused, empty or broken, `packet-trace` stands in.
 */
export function createTraceReader(
  api: ArchiveApi,
  test: ReadableTest,
): (span: Interval) => Promise<SpanAnswer> {
  let multi = hasSeveralPaths(test);
  return async (span) => {
    if (multi) {
      const paths = await unlessRefused(readSpan(api, test.key, 'packet-trace-multi', span));
      const whole = paths !== null && paths.lost.length === 0;
      if (whole && paths.pieces.some(({ answer }) => answer.length > 0)) return paths;
      multi = whole;
    }
    return readSpan(api, test.key, 'packet-trace', span);
  };
}

/** esmond stores several paths only where it lists them; elmond makes them up on request. */
function hasSeveralPaths({ key, tool, parameters, eventTypes }: ReadableTest): boolean {
  const several = /^(paris|dublin)-traceroute$/;
  const capable = several.test(tool) || several.test(parameters['trace-algorithm'] ?? '');
  return capable && (eventTypes.includes('packet-trace-multi') || isElmondKey(key));
}

async function unlessRefused(reading: Promise<SpanAnswer>): Promise<SpanAnswer | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof HttpError && error.reason === 'status') return null;
    throw error;
  }
}
