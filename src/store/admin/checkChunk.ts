import { decodeChunkKey } from '../traces/chunkSpans.ts';
import type { TraceWithRoute } from '../traces/packedTraces.ts';

/** How many hops a route has, and how many addresses. */
export interface RouteSize {
  readonly hops: number;
  readonly addresses: number;
}

/** What a chunk of traces refers to. */
export interface ChunkContext {
  readonly tests: ReadonlySet<number>;
  readonly routes: ReadonlyMap<number, RouteSize>;
}

/** What is wrong with the traces stored under a key; null for nothing. */
export function findChunkFault(
  key: number,
  traces: readonly TraceWithRoute<number>[],
  { tests, routes }: ChunkContext,
): string | null {
  const { test, span } = decodeChunkKey(key);
  if (!tests.has(test)) return `they belong to test ${test}, which is not there`;
  let previousStart = span.from - 1;
  for (const { startedAt, route, rttMs, probes } of traces) {
    const size = routes.get(route);
    if (size === undefined) return `route ${route} is not there`;
    if (startedAt <= previousStart || startedAt > span.to) return 'a trace is out of its place';
    previousStart = startedAt;
    if (rttMs.length !== size.addresses) return 'the times do not match the route';
    if (probes !== null && probes.sent.length !== size.hops) return 'probes do not match the route';
  }
  return null;
}
