import type { PatternHop } from '../model/analysis.ts';
import { type AsnOf, hopAsn } from './asPath.ts';
import type { RouteShape } from './routeShape.ts';

/** A shape, and how many traces show it. */
export type ShapeCounts = ReadonlyMap<RouteShape, number>;

function countAddresses(shapes: ShapeCounts): Map<string, number>[] {
  const hops: Map<string, number>[] = [];
  for (const [shape, traces] of shapes) {
    shape.hops.forEach((addresses, index) => {
      while (hops.length <= index) hops.push(new Map());
      const counts = hops[index] as Map<string, number>;
      for (const address of addresses) counts.set(address, (counts.get(address) ?? 0) + traces);
    });
  }
  return hops;
}

/** ttl of the destination in a group of shapes, behind the deepest answer before it; null when none of them ends there. */
export function destinationTtl(shapes: Iterable<RouteShape>): number | null {
  let [ends, ttl] = [false, 0];
  for (const { endFrom, endTo } of shapes) {
    ends ||= Number.isFinite(endTo);
    ttl = Math.max(ttl, endFrom);
  }
  return ends ? ttl : null;
}

/**
 * The route that traces of one variant show together: every address that answered at a ttl, the most frequent first, and
 * the destination directly behind the last hop that ever answered. Starts at `firstTtl`.
 */
export function patternOf(
  shapes: ShapeCounts,
  firstTtl: number,
  destination: string | null,
  asnOf: AsnOf,
): PatternHop[] {
  const counts = countAddresses(shapes);
  const end = destinationTtl(shapes.keys());
  const route: PatternHop[] = [];
  for (let ttl = firstTtl; ttl < (end ?? counts.length + 1); ttl++) {
    const ranked = [...(counts[ttl - 1] ?? [])].sort((a, b) => b[1] - a[1]);
    const addresses = ranked.map(([address]) => address);
    route.push({ ttl, addresses, asn: hopAsn(addresses, asnOf) });
  }
  if (end !== null) {
    const addresses = destination === null ? [] : [destination];
    route.push({ ttl: end, addresses, asn: hopAsn(addresses, asnOf) });
  }
  return route;
}
