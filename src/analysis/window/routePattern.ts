import type { PatternHop } from '../../model/site/analysis.ts';
import { type AsnOf, hopAsn } from './asPath.ts';
import type { RouteShape } from './routeShape.ts';

/** Shapes, and how many traces show each. */
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

/**
 * ttl of the destination in a group of shapes: the first at which it answered that lies behind
 * every other answer; null when no shape ends there. A destination that limits its ICMP rate
 * answers later probes, never earlier ones.
 */
export function destinationTtl(shapes: Iterable<RouteShape>): number | null {
  let [deepest, first] = [0, Number.POSITIVE_INFINITY];
  for (const { endFrom, endTo } of shapes) {
    deepest = Math.max(deepest, endFrom);
    first = Math.min(first, endTo);
  }
  return Number.isFinite(first) ? Math.max(deepest, first) : null;
}

/**
 * The route that the traces of one variant show together: every address that answered at a ttl, the
 * most frequent first, and the destination at the first ttl at which it answered. Starts at
 * `firstTtl`.
 */
export function buildPattern(
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
