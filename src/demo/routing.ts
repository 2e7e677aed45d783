import type { Family } from '../model/test/test.ts';
import type { DemoInterface, DemoLink, DemoNetwork, DemoNode } from './demoNetwork.ts';
import type { Conditions } from './scenarioTimeline.ts';

/** One hop of a route, for a probe that expires there. */
export interface DemoHop {
  readonly node: DemoNode;
  /** The ingress interface, from which routers reply. */
  readonly interface: DemoInterface;
  /** Round-trip time without load, ms, and the delay of queues. */
  readonly rttMs: number;
  readonly queueMs: number;
  /** Smallest MTU up to this hop, bytes. */
  readonly mtu: number;
}

/** One route from host to host. */
export interface DemoRoute {
  /** From the first router to the destination host, which is the last hop. */
  readonly hops: readonly DemoHop[];
  /** Ids of all links on the route, including those inside hidden networks. */
  readonly links: readonly string[];
}

/** The equal-cost routes from one host to another; a flow may take any of them. */
export type RoutesBetween = (
  source: string,
  destination: string,
  family: Family,
  conditions: Conditions,
) => readonly DemoRoute[];

/** Shortest-path routing over the network. Caches the routes for equal conditions. */
export function createRouting(network: DemoNetwork): RoutesBetween {
  const distances = new Map<string, Float64Array>();
  const routes = new Map<string, readonly DemoRoute[]>();
  return (source, destination, family, conditions) => {
    const target = `${destination} ${family} ${conditions.key}`;
    const key = `${source} ${target}`;
    const cached = routes.get(key);
    if (cached !== undefined) return cached;
    const from = network.node(source);
    const to = network.node(destination);
    let distance = distances.get(target);
    if (distance === undefined) {
      distance = distancesTo(network, to, family, conditions);
      distances.set(target, distance);
    }
    const sequences = shortestLinkSequences(from, to, family, conditions, distance);
    const computed = sequences.map((sequence) => routeOver(sequence, from, family, conditions));
    routes.set(key, computed);
    return computed;
  };
}

/**
 * Distances by node index: Dijkstra from the destination, with a linear search, since the network
 * is small.
 */
function distancesTo(
  network: DemoNetwork,
  destination: DemoNode,
  family: Family,
  conditions: Conditions,
): Float64Array {
  const distance = new Float64Array(network.nodes.length).fill(Number.POSITIVE_INFINITY);
  distance[destination.index] = 0;
  const open = new Set(network.nodes);
  while (open.size > 0) {
    const node = nearest(open, distance);
    open.delete(node);
    const base = distance[node.index] ?? 0;
    for (const link of usableLinks(node, family, conditions)) {
      const next = otherEnd(link, node).index;
      const length = base + costOf(link, conditions);
      if (length < (distance[next] ?? 0)) distance[next] = length;
    }
  }
  return distance;
}

function nearest(open: ReadonlySet<DemoNode>, distance: Float64Array): DemoNode {
  let best: DemoNode | null = null;
  for (const node of open) {
    if (best === null || (distance[node.index] ?? 0) < (distance[best.index] ?? 0)) best = node;
  }
  if (best === null) throw new Error('no node is left');
  return best;
}

/** All sequences of cables of minimal cost. */
function shortestLinkSequences(
  from: DemoNode,
  to: DemoNode,
  family: Family,
  conditions: Conditions,
  distance: Float64Array,
): DemoLink[][] {
  if (from === to) return [[]];
  const here = distance[from.index] ?? 0;
  return usableLinks(from, family, conditions).flatMap((link) => {
    const next = otherEnd(link, from);
    if ((distance[next.index] ?? 0) + costOf(link, conditions) !== here) return [];
    const rest = shortestLinkSequences(next, to, family, conditions, distance);
    return rest.map((sequence) => [link, ...sequence]);
  });
}

function routeOver(
  sequence: readonly DemoLink[],
  from: DemoNode,
  family: Family,
  conditions: Conditions,
): DemoRoute {
  const hops: DemoHop[] = [];
  let node = from;
  let delayMs = 0;
  let queueMs = 0;
  let mtu = Number.POSITIVE_INFINITY;
  for (const [index, link] of sequence.entries()) {
    const previous = node;
    node = otherEnd(link, node);
    delayMs += link.delayMs;
    queueMs += conditions.extraMs.get(link.id) ?? 0;
    mtu = Math.min(mtu, conditions.mtu.get(link.id) ?? link.mtu);
    const following = sequence[index + 1];
    const next = following === undefined ? null : otherEnd(following, node);
    if (isHidden(previous, node, next)) continue;
    const side = link.nodes[0] === node ? 0 : 1;
    const rttMs = 2 * delayMs + 0.02 * (hops.length + 1);
    hops.push({ node, interface: link.interfaces[side][family], rttMs, queueMs, mtu });
  }
  return { hops, links: sequence.map((link) => link.id) };
}

function isHidden(previous: DemoNode, node: DemoNode, next: DemoNode | null): boolean {
  const { network } = node;
  return (
    network.hidesInterior === true && previous.network === network && next?.network === network
  );
}

function usableLinks(node: DemoNode, family: Family, conditions: Conditions): DemoLink[] {
  return node.links.filter((link) => {
    return link.families.includes(family) && !conditions.down.has(link.id);
  });
}

function otherEnd(link: DemoLink, node: DemoNode): DemoNode {
  return link.nodes[0] === node ? link.nodes[1] : link.nodes[0];
}

function costOf(link: DemoLink, conditions: Conditions): number {
  return conditions.cost.get(link.id) ?? link.cost;
}
