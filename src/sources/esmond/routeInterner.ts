import { familyOf } from '../../lib/ip.ts';
import type { Endpoint } from '../../model/test.ts';
import type { Probes, RouteHop, Trace } from '../../model/trace.ts';
import { maxTtl } from '../probeValues.ts';
import { type HopBuffer, type HopBuffers, hopAt } from './hopBuffers.ts';
import { createRouteTree, isPlainHop, plainIndex } from './routeTree.ts';

/**
 * Converts the buffers of a trace to the trace. Traces with equal routes share one route object.
 */
export interface RouteInterner {
  traceOf(startedAt: number, buffers: HopBuffers): Trace;
}

/** An interner for the traces of one test, whose probing starts at `firstTtl`. */
export function createRouteInterner(destination: Endpoint, firstTtl: number): RouteInterner {
  const routes = createRouteTree();
  const knownHops = new Map<number, RouteHop>();
  return {
    traceOf: (startedAt, buffers) => {
      const first = Math.min(firstTtl, buffers.first);
      const last = lastRespondingTtl(buffers);
      const pathMtu = smallestMtu(buffers);
      const reached = isReached(hopAt(buffers, last), destination);
      const end = routes.findEnd(buffers, { first, last, reached, pathMtu });
      end.route ??= { hops: hopsOf(buffers, first, last, knownHops), reached, pathMtu };
      const { route } = end;
      const rttMs = timesOf(buffers, first, last);
      return { startedAt, route, rttMs, probes: probesOf(buffers, first, last) };
    },
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
 * Whether a hop is the destination. Its name decides if the archive could not resolve the
 * destination, or resolved it to another family than the tool: the tool prefers IPv4, the archive
 * IPv6.
 */
function isReached(buffer: Readonly<HopBuffer>, { address, name }: Endpoint): boolean {
  if (buffer.error !== null) return false;
  return buffer.responders.slice(0, buffer.responderCount).some((responder) => {
    if (responder.address === address) return true;
    const comparable = address !== null && familyOf(address) === familyOf(responder.address);
    return !comparable && responder.hostname === name;
  });
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
