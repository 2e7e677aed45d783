import { decodeChunkKey } from '../traces/chunkSpans.ts';
import type { TraceWithRoute } from '../traces/packedTraces.ts';

/** Number of hops and addresses of a route. */
export interface RouteSize {
  readonly hops: number;
  readonly addresses: number;
}

/** The tests and routes that a chunk may refer to. */
export interface ChunkContext {
  readonly tests: ReadonlySet<number>;
  readonly routes: ReadonlyMap<number, RouteSize>;
}

/** Finds a fault in the traces of a chunk; null if there is none. */
export function findChunkFault(
  key: number,
  traces: readonly TraceWithRoute<number>[],
  { tests, routes }: ChunkContext,
): string | null {
  const { test, span } = decodeChunkKey(key);
  if (!tests.has(test)) return `test ${test} is missing`;
  let previousStart = span.from - 1;
  for (const { startedAt, route, rttMs, probes } of traces) {
    const size = routes.get(route);
    if (size === undefined) return `route ${route} is missing`;
    if (startedAt <= previousStart || startedAt > span.to) return 'a trace is out of order';
    previousStart = startedAt;
    if (rttMs.length !== size.addresses) return 'the times do not match the route';
    if (probes !== null && probes.sent.length !== size.hops)
      return 'the probe counts do not match the route';
  }
  return null;
}
