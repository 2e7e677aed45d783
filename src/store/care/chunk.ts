import type { TraceOf } from '../packedTraces.ts';
import { placeOfChunk } from '../spans.ts';

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
export function chunkFault(
  key: number,
  traces: readonly TraceOf<number>[],
  { tests, routes }: ChunkContext,
): string | null {
  const { test, span } = placeOfChunk(key);
  if (!tests.has(test)) return `they belong to test ${test}, which is not there`;
  let before = span.from - 1;
  for (const { startedAt, route, rttMs, probes } of traces) {
    const size = routes.get(route);
    if (size === undefined) return `route ${route} is not there`;
    if (startedAt <= before || startedAt > span.to) return 'a trace is out of its place';
    before = startedAt;
    if (rttMs.length !== size.addresses) return 'the times do not match the route';
    if (probes !== null && probes.sent.length !== size.hops) return 'probes do not match the route';
  }
  return null;
}
