import type { Responder, Trace } from '../../model/trace.ts';
import { destinationNode, type NodeTable, nodeOf } from './nodes.ts';

/** A trace in the terms of the detection: parallel lists of what answered, in ttl order. */
export interface Sighting {
  readonly at: number;
  readonly ttls: readonly number[];
  readonly nodes: number[];
  /** Which of its node's addresses answered: its place among them, at most `mostDoors`. */
  readonly doors: number[];
  readonly rttsMs: readonly (number | null)[];
  /** Last ttl that answered; 0 for none. */
  readonly lastTtl: number;
  readonly reached: boolean;
  readonly destinationTtl: number | null;
  readonly rttMs: number | null;
  /** Share of the probes to the destination without an answer, 0 to 1; null where the tool sends too few to tell. */
  readonly lostShare: number | null;
  readonly mtu: number | null;
  readonly error: string | null;
  /** A device answers again two ttls later or more, and the destination is not reached. */
  readonly loop: boolean;
}

/** So many probes to a hop measure loss; with fewer it may be chance, or the destination's limit on answers. */
const measuringProbes = 4;

/** Translates a trace; the node table learns addresses it has not seen. */
export function sight(
  trace: Trace,
  table: NodeTable,
  responders: ReadonlyMap<string, Responder>,
  merge: (from: number, into: number) => void,
): Sighting {
  const { route, rttMs, probes } = trace;
  const ttls: number[] = [];
  const nodes: number[] = [];
  const doors: number[] = [];
  const rtts: (number | null)[] = [];
  let index = 0;
  let lastTtl = 0;
  let destinationTtl: number | null = null;
  let destinationRtt: number | null = null;
  let lostShare = probes?.sent.some((number) => number >= measuringProbes) ? 1 : null;
  let error: string | null = null;
  for (const [position, hop] of route.hops.entries()) {
    error = hop.error ?? error;
    for (const address of hop.addresses) {
      const node = nodeOf(table, address, responders, merge);
      const rtt = rttMs[index++] ?? null;
      if (node === destinationNode && route.reached) {
        destinationTtl ??= hop.ttl;
        destinationRtt ??= rtt;
        const sent = probes?.sent[position] ?? 0;
        if (lostShare !== null && sent > 0)
          lostShare = Math.min(
            lostShare,
            Math.max(0, 1 - (probes?.received[index - 1] ?? 0) / sent),
          );
      }
      ttls.push(hop.ttl);
      nodes.push(node);
      doors.push(doorOf(table, node, address));
      rtts.push(rtt);
      lastTtl = hop.ttl;
    }
  }
  return {
    at: trace.startedAt,
    ttls,
    nodes,
    doors,
    rttsMs: rtts,
    lastTtl,
    reached: route.reached,
    destinationTtl,
    rttMs: destinationRtt,
    lostShare,
    mtu: route.pathMtu,
    error,
    loop: !route.reached && repeats(ttls, nodes),
  };
}

/** Addresses of one node that are told apart. */
const mostDoors = 30;

function doorOf(table: NodeTable, node: number, address: string): number {
  const addresses = table.list[node]?.addresses;
  return addresses === undefined || addresses.length === 1
    ? 0
    : Math.min(mostDoors, addresses.indexOf(address));
}

/** Puts one node in the place of another. */
export function replaceNode(sighting: Sighting, from: number, into: number): void {
  for (const [index, node] of sighting.nodes.entries())
    if (node === from) sighting.nodes[index] = into;
}

function repeats(ttls: readonly number[], nodes: readonly number[]): boolean {
  for (let i = nodes.length - 1; i > 0; i--) {
    const first = nodes.indexOf(nodes[i] as number);
    if (first < i && (ttls[i] as number) - (ttls[first] as number) >= 2) return true;
  }
  return false;
}
