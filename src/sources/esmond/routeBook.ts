import { familyOf } from '../../lib/ip.ts';
import type { Endpoint } from '../../model/test.ts';
import type { Probes, Route, RouteHop, Trace } from '../../model/trace.ts';
import { type HopSlot, type HopSlots, maxTtl } from './hopSlots.ts';

/** Turns the slots of a trace into the trace; traces that took the same path get the same route object. */
export interface RouteBook {
  traceOf(startedAt: number, slots: HopSlots): Trace;
}

/** A book for the traces of one test. `firstTtl`: where its probing begins. */
export function createRouteBook(destination: Endpoint, firstTtl: number): RouteBook {
  const routes = new Map<string, Route>();
  const knownHops = new Map<number, RouteHop>();
  return {
    traceOf: (startedAt, slots) => {
      const first = Math.min(firstTtl, slots.first);
      const last = lastTelling(slots);
      const pathMtu = smallestMtu(slots);
      const reached = isReached(slots.at[last], destination);
      const signature = signatureOf(slots, first, last, pathMtu, reached);
      let route = routes.get(signature);
      if (route === undefined) {
        route = { hops: hopsOf(slots, first, last, knownHops), reached, pathMtu };
        routes.set(signature, route);
      }
      const rttMs = timesOf(slots, first, last);
      return { startedAt, route, rttMs, probes: probesOf(slots, first, last) };
    },
  };
}

/** The last ttl from which anything came, be it an ICMP error without its sender; 0 for none. */
function lastTelling({ at, first, last }: HopSlots): number {
  for (let ttl = last; ttl >= first; ttl -= 1) {
    const slot = at[ttl] as HopSlot;
    if (slot.met.length > 0 || slot.error !== null) return ttl;
  }
  return 0;
}

/** tracepath carries the MTU on over silent hops, so those behind the last answer count too. */
function smallestMtu({ at, first, last }: HopSlots): number | null {
  let smallest: number | null = null;
  for (let ttl = first; ttl <= last; ttl += 1) {
    const { mtu } = at[ttl] as HopSlot;
    if (mtu !== null && (smallest === null || mtu < smallest)) smallest = mtu;
  }
  return smallest;
}

/**
 * Where the archive could not resolve the destination, or resolved it in another family than the tool did, its name
 * decides: the tool takes IPv4 first, the archive IPv6.
 */
function isReached(slot: HopSlot | undefined, { address, name }: Endpoint): boolean {
  if (slot === undefined || slot.error !== null) return false;
  return slot.met.some((met) => {
    if (met.address === address) return true;
    const comparable = address !== null && familyOf(address) === familyOf(met.address);
    return !comparable && met.hostname === name;
  });
}

function signatureOf(
  { at }: HopSlots,
  first: number,
  last: number,
  pathMtu: number | null,
  reached: boolean,
): string {
  let signature = `${first}${reached ? 'r' : 'u'}${pathMtu ?? ''}`;
  for (let ttl = first; ttl <= last; ttl += 1) {
    const { met, mtu, error } = at[ttl] as HopSlot;
    signature += ',';
    for (let index = 0; index < met.length; index += 1) signature += `${met[index]?.index} `;
    if (mtu !== null) signature += `m${mtu}`;
    if (error !== null) signature += `!${JSON.stringify(error)}`;
  }
  return signature;
}

function hopsOf(
  { at }: HopSlots,
  first: number,
  last: number,
  known: Map<number, RouteHop>,
): RouteHop[] {
  const hops: RouteHop[] = [];
  for (let ttl = first; ttl <= last; ttl += 1) hops.push(hopOf(ttl, at[ttl] as HopSlot, known));
  return hops;
}

/** Nearly every hop is one address or silence; routes that differ elsewhere share it. */
function hopOf(ttl: number, { met, mtu, error }: HopSlot, known: Map<number, RouteHop>): RouteHop {
  const plain = met.length < 2 && mtu === null && error === null;
  const key = ((met[0]?.index ?? -1) + 1) * (maxTtl + 1) + ttl;
  const familiar = plain ? known.get(key) : undefined;
  if (familiar !== undefined) return familiar;
  const hop = { ttl, addresses: met.map(({ address }) => address), mtu, error };
  if (plain) known.set(key, hop);
  return hop;
}

function timesOf({ at }: HopSlots, first: number, last: number): (number | null)[] {
  const times: (number | null)[] = [];
  for (let ttl = first; ttl <= last; ttl += 1) {
    const { rttMs } = at[ttl] as HopSlot;
    for (let index = 0; index < rttMs.length; index += 1) times.push(rttMs[index] ?? null);
  }
  return times;
}

function probesOf({ at }: HopSlots, first: number, last: number): Probes | null {
  let several = false;
  for (let ttl = first; ttl <= last; ttl += 1) several ||= (at[ttl] as HopSlot).sent > 1;
  if (!several) return null;
  const used = at.slice(first, last + 1);
  return { sent: used.map(({ sent }) => sent), received: used.flatMap(({ replies }) => replies) };
}
