import type { ForeignText } from '../run/foreignText.ts';
import type { FailureReason } from './failureReason.ts';

/**
 * The responders at one ttl of a route. Empty `addresses`: a silent hop, which equals any other.
 */
export interface RouteHop {
  readonly ttl: number;
  /**
   * Distinct canonical addresses in the order of their replies; several if probes took different
   * branches.
   */
  readonly addresses: readonly string[];
  /** Path MTU at this hop, bytes; null if the tool reports none. */
  readonly mtu: number | null;
  /**
   * ICMP error in place of time exceeded, in pScheduler's words (`host-unreachable`); null for
   * none.
   */
  readonly error: string | null;
}

/**
 * The route of a trace without its times. Interned: traces over the same route share one object, so
 * results per route can be cached (`Map<Route, …>`) within one read of the store. `hops` have
 * consecutive ttls, start at the first probed ttl, and end with the last hop that replied.
 */
export interface Route {
  readonly hops: readonly RouteHop[];
  /**
   * Whether the last replying hop has the destination's address and no ICMP error. If that address
   * is unknown or of the other family, the destination's name or the end of the output decides.
   */
  readonly reached: boolean;
  /** Smallest MTU on the route, bytes; null if unknown. */
  readonly pathMtu: number | null;
}

/** Numbers of probes, for tools that send several per hop (bwctl: 3, mtr: any number). */
export interface Probes {
  /** Probes sent, one number per hop. */
  readonly sent: readonly number[];
  /** Replies received, one number per address, hop by hop. */
  readonly received: readonly number[];
  /** Distribution of the times of each address; absent if the tool reports only one time. */
  readonly spread?: Spread;
}

/**
 * Round-trip times of a trace's replies besides the smallest, ms with a resolution of 1 µs; one per
 * address, hop by hop as in `Trace.rttMs`; null if the tool reports none.
 */
export interface Spread {
  readonly avgMs: readonly (number | null)[];
  readonly worstMs: readonly (number | null)[];
  /** Sample standard deviation; null below 2 replies. */
  readonly stdevMs: readonly (number | null)[];
  /** Mean absolute difference between consecutive replies; null below 2 replies. */
  readonly jitterMs: readonly (number | null)[];
}

/**
 * A reply whose sender the tool reports by name only (mtr without `-n` and `-b`). A name does not
 * identify an interface, so the hop is silent in `Route`, and comparisons of routes ignore this
 * reply.
 */
export interface NamedAnswer {
  readonly ttl: number;
  readonly name: string;
  readonly received: number | null;
  /**
   * Smallest, mean and largest round-trip time, standard deviation and jitter as in `Spread`, ms;
   * null if unknown.
   */
  readonly rttMs: number | null;
  readonly avgMs: number | null;
  readonly worstMs: number | null;
  readonly stdevMs: number | null;
  readonly jitterMs: number | null;
}

/** One trace of a test: its scheduled start, its route, and the round-trip times. */
export interface Trace {
  /** Epoch seconds, UTC. */
  readonly startedAt: number;
  readonly route: Route;
  /**
   * Smallest round-trip time of each address, ms with a resolution of 1 µs, hop by hop in the order
   * of `route.hops`; null if the tool reports none.
   */
  readonly rttMs: readonly (number | null)[];
  /** null: one probe per hop, or an unknown number. */
  readonly probes: Probes | null;
  /** Ordered by ttl; absent if every reply has an address. */
  readonly named?: readonly NamedAnswer[];
}

/** An address with its name and AS. These change with DNS, so they are not part of a route. */
export interface Responder {
  readonly address: string;
  readonly hostname: string | null;
  readonly asn: number | null;
  readonly asName: string | null;
}

/** A measurement that the archive reports as failed. */
export interface Failure {
  /** Epoch seconds, UTC. */
  readonly at: number;
  readonly error: FailureReason;
  /** The words of the host that ran the test, for the log; the store does not keep them. */
  readonly detail?: ForeignText | null;
}

/** A time span, epoch seconds, both ends included. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The last hop with a reply; undefined for none. */
export function lastReplyingHop({ hops }: Route): RouteHop | undefined {
  // Faster than `findLast`; every trace of every test comes through here.
  for (let index = hops.length - 1; index >= 0; index--)
    if ((hops[index] as RouteHop).addresses.length > 0) return hops[index];
  return undefined;
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
