import type { ProbeCount, RouteVariant } from '../../model/site/analysis.ts';
import type { Trace } from '../../model/trace/trace.ts';

/**
 * Probes to a hop that measure loss; with fewer, a miss may be chance or the limit of a host on its
 * answers.
 */
const minProbesForLoss = 4;

/**
 * Share of probes to the destination without an answer, 0 to 1: from the hop at index `end` of the
 * trace (-1 for none) where the tool sent at least four; else 0 or 1, for whether it reached the
 * destination. One flow may take more hops to the destination than another, so its answers behind
 * that hop count too.
 */
export function computeLossShare({ route, probes }: Trace, end: number): number {
  if (!route.reached) return 1;
  const sent = probes?.sent[end] ?? 0;
  if (probes === null || sent < minProbesForLoss) return 0;
  const destination = new Set(route.hops[end]?.addresses);
  let index = 0;
  let received = 0;
  for (const [position, { addresses }] of route.hops.entries()) {
    for (const address of addresses) {
      const isEnd = position === end || (position > end && destination.has(address));
      if (isEnd) received += probes.received[index] ?? 0;
      index += 1;
    }
  }
  return Math.max(0, 1 - received / sent);
}

/** Mutable form of a `ProbeCount`. */
interface MutableProbeCount {
  sent: number;
  received: number;
  byAddress: Map<string, number>;
}

/**
 * Probes of the traces on one route, and answers, at each ttl of the route; null where a trace sent
 * too few to measure loss. A hop that a trace did not get to counts as probed as often as any of
 * its hops, without an answer.
 */
export function countProbes(
  traces: readonly Trace[],
  route: RouteVariant['route'],
): ReadonlyMap<number, ProbeCount> | null {
  const counts = new Map<number, MutableProbeCount>();
  for (const trace of traces) {
    const maxSent = Math.max(0, ...(trace.probes?.sent ?? []));
    if (maxSent < minProbesForLoss) return null;
    const seenTtls = countTrace(trace, counts);
    for (const { ttl } of route) if (!seenTtls.has(ttl)) countAt(counts, ttl).sent += maxSent;
  }
  return counts;
}

/** Adds a trace. Returns the ttls that it got to. */
function countTrace({ route, probes }: Trace, counts: Map<number, MutableProbeCount>): Set<number> {
  const seenTtls = new Set<number>();
  let index = 0;
  route.hops.forEach(({ ttl, addresses }, position) => {
    const count = countAt(counts, ttl);
    count.sent += probes?.sent[position] ?? 0;
    for (const address of addresses) {
      const received = probes?.received[index++] ?? 0;
      count.received += received;
      count.byAddress.set(address, (count.byAddress.get(address) ?? 0) + received);
    }
    seenTtls.add(ttl);
  });
  return seenTtls;
}

function countAt(counts: Map<number, MutableProbeCount>, ttl: number): MutableProbeCount {
  const known = counts.get(ttl);
  if (known !== undefined) return known;
  const created = { sent: 0, received: 0, byAddress: new Map<string, number>() };
  counts.set(ttl, created);
  return created;
}
