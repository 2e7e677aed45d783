/** What answered at one ttl of a route. An empty `addresses` is a silent hop: unknown, equal to anything. */
export interface RouteHop {
  readonly ttl: number;
  /** Distinct canonical addresses in the order in which they answered; several when probes took several branches. */
  readonly addresses: readonly string[];
  /** Path MTU known at this hop, bytes; null when the tool does not tell. */
  readonly mtu: number | null;
  /** ICMP error that came back instead of time exceeded, in pScheduler's words (`host-unreachable`); null for none. */
  readonly error: string | null;
}

/**
 * The path of a trace without its times. Interned: traces that took the same path share one object, so work
 * done for a route is done once (`Map<Route, …>` is a valid memo within one read of the store).
 * `hops` are contiguous in ttl, start at the first ttl probed, and end with the last hop that answered.
 */
export interface Route {
  readonly hops: readonly RouteHop[];
  /**
   * The last answering hop carries the destination's address and no ICMP error. Where that address is not known, the
   * destination's name decides, or what the tool's output says of the end of the path.
   */
  readonly reached: boolean;
  /** Smallest MTU on the path, bytes; null when unknown. */
  readonly pathMtu: number | null;
}

/** Probe counts where a tool sends more than one a hop (bwctl: 3, mtr: any number). */
export interface Probes {
  /** Probes sent, one number per hop. */
  readonly sent: readonly number[];
  /** Replies received, one number per address, hop by hop. */
  readonly received: readonly number[];
  /** How the times of one address scatter; absent where the tool tells no more than one time. */
  readonly spread?: Spread;
}

/**
 * Round-trip times of the replies of one run beside the smallest, ms with a resolution of 1 µs: one of each per address, hop
 * by hop as in `Trace.rttMs`; null where the tool does not tell.
 */
export interface Spread {
  readonly avgMs: readonly (number | null)[];
  readonly worstMs: readonly (number | null)[];
  /** Sample standard deviation; null below 2 replies. */
  readonly stdevMs: readonly (number | null)[];
  /** Mean difference between one reply and the next, without its sign; null below 2 replies. */
  readonly jitterMs: readonly (number | null)[];
}

/**
 * An answer whose sender the tool named without its address (mtr without `-n` and `-b`). A name does not tell which
 * interface answered, so the address is missing in `Route`, where the hop counts as silent; nothing that compares
 * routes looks here.
 */
export interface NamedAnswer {
  readonly ttl: number;
  readonly name: string;
  readonly received: number | null;
  /** Smallest, mean and largest round-trip time, standard deviation and jitter as in `Spread`, ms; null for unknown. */
  readonly rttMs: number | null;
  readonly avgMs: number | null;
  readonly worstMs: number | null;
  readonly stdevMs: number | null;
  readonly jitterMs: number | null;
}

/** One run of a test: when it was scheduled to start, the route it saw, and the round-trip times. */
export interface Trace {
  /** Epoch seconds, UTC. */
  readonly startedAt: number;
  readonly route: Route;
  /**
   * Round-trip time in ms with a resolution of 1 µs, one per address, hop by hop in the order of `route.hops`;
   * null where the tool gave none. The smallest of the probes that one address answered at that ttl.
   */
  readonly rttMs: readonly (number | null)[];
  /** null: one probe a hop, or the tool does not tell how many. */
  readonly probes: Probes | null;
  /** In ttl order; absent when every answer came with its address. */
  readonly named?: readonly NamedAnswer[];
}

/** What is known of an address beside its place in a route. Comes and goes with DNS, so kept apart and cached. */
export interface Responder {
  readonly address: string;
  readonly hostname: string | null;
  readonly asn: number | null;
  readonly asName: string | null;
}

/** A run that the archive reports as failed. */
export interface Failure {
  /** Epoch seconds, UTC. */
  readonly at: number;
  readonly error: string;
}

/** A span of time, epoch seconds, both ends included. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Index into `rttMs` of the last hop's first address, or -1 for an empty route. */
export function lastRttIndex(route: Route): number {
  let index = 0;
  let first = -1;
  for (const hop of route.hops) {
    if (hop.addresses.length > 0) first = index;
    index += hop.addresses.length;
  }
  return first;
}
