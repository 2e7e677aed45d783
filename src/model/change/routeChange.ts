/**
 * Why the new route is more than another interface of the same routers, strongest first: it passes
 * an AS that the old one did not, or no longer passes one; it passes other places; it takes clearly
 * longer or shorter; it has other routers and another number of hops; most of its routers are
 * others; some are, and nothing else is known; it has other routers at the same site.
 */
export const routeChangeReasons = [
  'as',
  'place',
  'time',
  'hops',
  'most_routers',
  'routers',
  'site',
] as const;
export type RouteChangeReason = (typeof routeChangeReasons)[number];

/** A device that came or left with a change of route. */
export interface ChangedDevice {
  /** Router name, else address; null for an address that is local to the source's network. */
  readonly name: string | null;
  readonly asn: number | null;
  /** City or building token of its name and its operator's domain: `ams.example.net`. */
  readonly place: string | null;
  /** Its usual ttl on the route that it belongs to. */
  readonly ttl: number;
}

/** A device and its share of the answers at a ttl, 0 to 1; the name is null for the destination. */
export interface DeviceShare {
  readonly name: string | null;
  readonly share: number;
}

/** The devices that answer at a ttl on the old and on the new route, largest share first. */
export interface TtlShares {
  readonly ttl: number;
  readonly before: readonly DeviceShare[];
  readonly after: readonly DeviceShare[];
}

/** How two routes differ, for grading a change of route and for showing why it was reported. */
export interface RouteChange {
  readonly level: 'inter_as' | 'intra_as' | 'same_site';
  readonly reason: RouteChangeReason;
  /** Devices of the old route that left although their ttl answers, and devices that came. */
  readonly removed: readonly ChangedDevice[];
  readonly added: readonly ChangedDevice[];
  /** The ttls at which they differ, ascending; absent in older records. */
  readonly shares?: readonly TtlShares[];
  /** Log of how many times likelier the deviating traces are on a route of their own, nats. */
  readonly evidenceNats: number;
  /** The deviating traces that gave the evidence. */
  readonly traces: number;
  /** First public AS of the path; null where none is known. */
  readonly firstAsn: number | null;
}
