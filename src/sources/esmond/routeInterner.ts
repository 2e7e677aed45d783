import type { Endpoint } from '../../model/test/test.ts';
import { familyOf } from '../../model/trace/addressKinds.ts';
import type { Probes, RouteHop, Trace } from '../../model/trace/trace.ts';
import { maxTtl } from '../probeValues.ts';
import { type HopBuffer, type HopBuffers, hopAt } from './hopBuffers.ts';
import type { ResponderEntry } from './responderTable.ts';
import { createRouteTree, isPlainHop, plainIndex } from './routeTree.ts';

/**
 * Converts the buffers of a trace to the trace. Traces with equal routes share one route object.
 */
export interface RouteInterner {
  traceOf(startedAt: number, buffers: HopBuffers): Trace;
  /** Whether names of responders, which may change, decide if a trace reached the destination. */
  dependsOnNames(buffers: HopBuffers): boolean;
}

/** The ttls that a tool probes at most, for a destination that does not reply. */
export interface ProbedTtls {
  readonly firstTtl: number;
  readonly lastTtl: number;
}

/** An interner for the traces of one test. */
export function createRouteInterner(
  destination: Endpoint,
  { firstTtl, lastTtl }: ProbedTtls,
): RouteInterner {
  const routes = createRouteTree();
  const knownHops = new Map<number, RouteHop>();
  return {
    traceOf: (startedAt, buffers) => {
      const first = Math.min(firstTtl, buffers.first);
      const last = lastRespondingTtl(buffers);
      const pathMtu = smallestMtu(buffers);
      const isOutputEnd = last === buffers.last && last < lastTtl;
      const reached = isReached(hopAt(buffers, last), destination, isOutputEnd);
      const node = routes.findEnd(buffers, { first, last, reached, pathMtu });
      node.end ??= { hops: hopsOf(buffers, first, last, knownHops), reached, pathMtu };
      const { end: route } = node;
      const rttMs = timesOf(buffers, first, last);
      return { startedAt, route, rttMs, probes: probesOf(buffers, first, last) };
    },
    dependsOnNames: (buffers) =>
      othersAt(hopAt(buffers, lastRespondingTtl(buffers)), destination.address).length > 0,
  };
}

/** The last ttl with a reply or with an ICMP error of unknown origin; 0 for none. */
function lastRespondingTtl(buffers: HopBuffers): number {
  for (let ttl = buffers.last; ttl >= buffers.first; ttl -= 1) {
    const { responderCount, error } = hopAt(buffers, ttl);
    if (responderCount > 0 || error !== null) return ttl;
  }
  return 0;
}

/** tracepath repeats the MTU at silent hops, so hops behind the last reply count too. */
function smallestMtu(buffers: HopBuffers): number | null {
  let smallest: number | null = null;
  for (let ttl = buffers.first; ttl <= buffers.last; ttl += 1) {
    const { mtu } = hopAt(buffers, ttl);
    if (mtu !== null && (smallest === null || mtu < smallest)) smallest = mtu;
  }
  return smallest;
}

/**
 * Whether the last replying hop is the destination. If the archive could not resolve the
 * destination, or resolved it to another family than the tool (the tool prefers IPv4, the archive
 * IPv6), its name decides, or the end of the output: a tool stops early only at the destination or
 * an ICMP error, and lists all other ttls up to the last one.
 */
function isReached(
  hop: Readonly<HopBuffer>,
  { address, name }: Endpoint,
  isOutputEnd: boolean,
): boolean {
  const { error, responderCount, responders } = hop;
  if (error !== null || responderCount === 0) return false;
  for (let index = 0; index < responderCount; index += 1)
    if (responders[index]?.address === address) return true;
  const others = othersAt(hop, address);
  if (others.some(({ hostname }) => hostname === name)) return true;
  return isOutputEnd && others.length === responderCount;
}

/** The responders at a hop that an address cannot identify. */
function othersAt(
  { responderCount, responders }: Readonly<HopBuffer>,
  address: string | null,
): readonly ResponderEntry[] {
  return responders
    .slice(0, responderCount)
    .filter((responder) => address === null || familyOf(address) !== familyOf(responder.address));
}

function hopsOf(
  buffers: HopBuffers,
  first: number,
  last: number,
  known: Map<number, RouteHop>,
): RouteHop[] {
  const hops: RouteHop[] = [];
  for (let ttl = first; ttl <= last; ttl += 1) hops.push(hopOf(ttl, hopAt(buffers, ttl), known));
  return hops;
}

/** The hop of a route. Different routes share equal plain hops. */
function hopOf(ttl: number, buffer: Readonly<HopBuffer>, known: Map<number, RouteHop>): RouteHop {
  const { responderCount, responders, mtu, error } = buffer;
  const key = isPlainHop(buffer) ? plainIndex(buffer) * (maxTtl + 1) + ttl : null;
  const knownHop = key === null ? undefined : known.get(key);
  if (knownHop !== undefined) return knownHop;
  const addresses = responders.slice(0, responderCount).map(({ address }) => address);
  const hop = { ttl, addresses, mtu, error };
  if (key !== null) known.set(key, hop);
  return hop;
}

function timesOf(buffers: HopBuffers, first: number, last: number): (number | null)[] {
  const times: (number | null)[] = [];
  for (let ttl = first; ttl <= last; ttl += 1) {
    const { responderCount, rttMs } = hopAt(buffers, ttl);
    for (let index = 0; index < responderCount; index += 1) times.push(rttMs[index] ?? null);
  }
  return times;
}

function probesOf(buffers: HopBuffers, first: number, last: number): Probes | null {
  let several = false;
  for (let ttl = first; ttl <= last; ttl += 1) several ||= hopAt(buffers, ttl).sent > 1;
  if (!several) return null;
  const sent: number[] = [];
  const received: number[] = [];
  for (let ttl = first; ttl <= last; ttl += 1) {
    const hop = hopAt(buffers, ttl);
    sent.push(hop.sent);
    received.push(...hop.replies.slice(0, hop.responderCount));
  }
  return { sent, received };
}
