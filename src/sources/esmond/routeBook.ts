import { familyOf } from '../../lib/ip.ts';
import type { Endpoint } from '../../model/test.ts';
import type { Probes, RouteHop, Trace } from '../../model/trace.ts';
import { type HopSlot, type HopSlots, hopAt, maxTtl } from './hopSlots.ts';
import { createPathTree, isPlain, plainIndex } from './pathTree.ts';

/** Turns the slots of a trace into the trace; traces that took the same path get the same route object. */
export interface RouteBook {
  traceOf(startedAt: number, slots: HopSlots): Trace;
}

/** A book for the traces of one test. `firstTtl`: where its probing begins. */
export function createRouteBook(destination: Endpoint, firstTtl: number): RouteBook {
  const paths = createPathTree();
  const knownHops = new Map<number, RouteHop>();
  return {
    traceOf: (startedAt, slots) => {
      const first = Math.min(firstTtl, slots.first);
      const last = lastTelling(slots);
      const pathMtu = smallestMtu(slots);
      const reached = isReached(hopAt(slots, last), destination);
      const path = paths.endOf(slots, { first, last, reached, pathMtu });
      path.route ??= { hops: hopsOf(slots, first, last, knownHops), reached, pathMtu };
      const { route } = path;
      const rttMs = timesOf(slots, first, last);
      return { startedAt, route, rttMs, probes: probesOf(slots, first, last) };
    },
  };
}

/** The last ttl from which anything came, be it an ICMP error without its sender; 0 for none. */
function lastTelling(slots: HopSlots): number {
  for (let ttl = slots.last; ttl >= slots.first; ttl -= 1) {
    const { answers, error } = hopAt(slots, ttl);
    if (answers > 0 || error !== null) return ttl;
  }
  return 0;
}

/** tracepath carries the MTU on over silent hops, so those behind the last answer count too. */
function smallestMtu(slots: HopSlots): number | null {
  let smallest: number | null = null;
  for (let ttl = slots.first; ttl <= slots.last; ttl += 1) {
    const { mtu } = hopAt(slots, ttl);
    if (mtu !== null && (smallest === null || mtu < smallest)) smallest = mtu;
  }
  return smallest;
}

/**
 * Where the archive could not resolve the destination, or resolved it in another family than the tool did, its name
 * decides: the tool takes IPv4 first, the archive IPv6.
 */
function isReached(slot: Readonly<HopSlot>, { address, name }: Endpoint): boolean {
  if (slot.error !== null) return false;
  return slot.met.slice(0, slot.answers).some((met) => {
    if (met.address === address) return true;
    const comparable = address !== null && familyOf(address) === familyOf(met.address);
    return !comparable && met.hostname === name;
  });
}

function hopsOf(
  slots: HopSlots,
  first: number,
  last: number,
  known: Map<number, RouteHop>,
): RouteHop[] {
  const hops: RouteHop[] = [];
  for (let ttl = first; ttl <= last; ttl += 1) hops.push(hopOf(ttl, hopAt(slots, ttl), known));
  return hops;
}

/** Routes that differ elsewhere share a plain hop. */
function hopOf(ttl: number, slot: Readonly<HopSlot>, known: Map<number, RouteHop>): RouteHop {
  const { answers, met, mtu, error } = slot;
  const key = isPlain(slot) ? plainIndex(slot) * (maxTtl + 1) + ttl : null;
  const familiar = key === null ? undefined : known.get(key);
  if (familiar !== undefined) return familiar;
  const addresses = met.slice(0, answers).map(({ address }) => address);
  const hop = { ttl, addresses, mtu, error };
  if (key !== null) known.set(key, hop);
  return hop;
}

function timesOf(slots: HopSlots, first: number, last: number): (number | null)[] {
  const times: (number | null)[] = [];
  for (let ttl = first; ttl <= last; ttl += 1) {
    const { answers, rttMs } = hopAt(slots, ttl);
    for (let index = 0; index < answers; index += 1) times.push(rttMs[index] ?? null);
  }
  return times;
}

function probesOf(slots: HopSlots, first: number, last: number): Probes | null {
  let several = false;
  for (let ttl = first; ttl <= last; ttl += 1) several ||= hopAt(slots, ttl).sent > 1;
  if (!several) return null;
  const sent: number[] = [];
  const received: number[] = [];
  for (let ttl = first; ttl <= last; ttl += 1) {
    const hop = hopAt(slots, ttl);
    sent.push(hop.sent);
    received.push(...hop.replies.slice(0, hop.answers));
  }
  return { sent, received };
}
