import { lastReplyingHop, type Route } from '../../model/trace/trace.ts';

/**
 * The part of a route that comparisons use. Addresses are at `ttl - 1`; an empty entry is a silent
 * hop, compatible with anything. The destination and the silence before it are left out: a
 * destination that limits its ICMP rate answers a later probe of the burst, so it seems to drift to
 * higher ttls. Its true place is one of the ttls `endFrom` to `endTo`; for a route that does not
 * end at the destination, `endTo` is infinite.
 */
export interface RouteShape {
  readonly hops: readonly (readonly string[])[];
  readonly endFrom: number;
  readonly endTo: number;
}

/**
 * The address under which the destination answers on a route: its own, or that of the last hop
 * where the route reaches it without that address, as over the other family; null if unknown.
 */
export function destinationOn(route: Route, destination: string | null): string | null {
  const last = route.reached ? lastReplyingHop(route) : undefined;
  if (last === undefined || last.addresses.includes(destination ?? '')) return destination;
  return last.addresses[0] ?? destination;
}

/**
 * Index of the hop from which on only the destination answers (some tools list it more than once),
 * including an ICMP error from it; -1 when something else answers last or the address is unknown.
 */
export function destinationHopIndex(route: Route, destination: string | null): number {
  const address = destinationOn(route, destination);
  let found = -1;
  for (let i = route.hops.length - 1; i >= 0 && address !== null; i--) {
    const addresses = route.hops[i]?.addresses ?? [];
    if (addresses.length > 0 && !addresses.includes(address)) break;
    if (addresses.length > 0) found = i;
  }
  return found;
}

/**
 * The shape of a route towards `destination`; null when that is unknown, so that the route has no
 * end.
 */
export function shapeOf(route: Route, destination: string | null): RouteShape {
  const end = destinationHopIndex(route, destination);
  const hops: (readonly string[])[] = [];
  const body = end < 0 ? route.hops : route.hops.slice(0, end);
  for (const hop of body) {
    if (hop.addresses.length === 0) continue;
    while (hops.length < hop.ttl - 1) hops.push([]);
    hops[hop.ttl - 1] = hop.addresses.length > 1 ? hop.addresses.toSorted() : hop.addresses;
  }
  const endTo = route.hops[end]?.ttl ?? Number.POSITIVE_INFINITY;
  const endFrom = Math.max(hops.length + 1, route.hops[0]?.ttl ?? 1);
  return { hops, endFrom, endTo };
}

function shareAddress(a: readonly string[], b: readonly string[]): boolean {
  for (const address of a) if (b.includes(address)) return true;
  return false;
}

/**
 * Whether two shapes may be the same route: they share an address at every ttl where both answer,
 * and a ttl remains at which the destination may be in both. Reflexive and symmetric, but not
 * transitive: silence is compatible with everything.
 */
export function areCompatible(a: RouteShape, b: RouteShape): boolean {
  if (a.endFrom > b.endTo || b.endFrom > a.endTo) return false;
  const shared = Math.min(a.hops.length, b.hops.length);
  for (let i = 0; i < shared; i++) {
    const one = a.hops[i] as readonly string[];
    const other = b.hops[i] as readonly string[];
    if (one.length > 0 && other.length > 0 && !shareAddress(one, other)) return false;
  }
  return true;
}

/**
 * Combines two compatible shapes. An answer replaces the other's silence; where both answer, only
 * shared addresses remain, so that a trace that caught two routers in the middle of a change does
 * not join both routes.
 */
export function combineShapes(a: RouteShape, b: RouteShape): RouteShape {
  const hops: (readonly string[])[] = [];
  for (let i = 0; i < Math.max(a.hops.length, b.hops.length); i++) {
    const one = a.hops[i] ?? [];
    const other = b.hops[i] ?? [];
    if (one.length === 0) hops.push(other);
    else if (other.length === 0) hops.push(one);
    else hops.push(one.length === 1 ? one : one.filter((address) => other.includes(address)));
  }
  const endFrom = Math.max(a.endFrom, b.endFrom);
  return { hops, endFrom, endTo: Math.min(a.endTo, b.endTo) };
}

/** A text that is equal for equal shapes. */
export function shapeKey(shape: RouteShape): string {
  let key = `${shape.endFrom}-${shape.endTo}`;
  for (const hop of shape.hops) key += ` ${hop.length === 1 ? hop[0] : hop.join(',')}`;
  return key;
}
