import type { Family } from '../model/test.ts';
import type { Interface, Link, Network, Node } from './network.ts';
import type { Conditions } from './timeline.ts';

/** One hop of a way through the network, as a probe that ends there meets it. */
export interface PathHop {
  readonly node: Node;
  /** The interface on which the probe comes in: routers answer with it. */
  readonly interface: Interface;
  /** Round trip without any load, ms, and what queues on the way add. */
  readonly rttMs: number;
  readonly queueMs: number;
  /** Smallest MTU so far, bytes. */
  readonly mtu: number;
}

/** One way from host to host. */
export interface Path {
  /** From the first router to the destination host, which is the last hop. */
  readonly hops: readonly PathHop[];
  /** Ids of all links on the way, those inside hidden networks included. */
  readonly links: readonly string[];
}

/** The equally good ways from one host to another; a flow takes any of them. */
export type PathsBetween = (
  source: string,
  destination: string,
  family: Family,
  conditions: Conditions,
) => readonly Path[];

/** Shortest-path routing over the network. What it has computed for some conditions it keeps. */
export function createRouting(network: Network): PathsBetween {
  const distances = new Map<string, Float64Array>();
  const paths = new Map<string, readonly Path[]>();
  return (source, destination, family, conditions) => {
    const target = `${destination} ${family} ${conditions.key}`;
    const key = `${source} ${target}`;
    const known = paths.get(key);
    if (known !== undefined) return known;
    const from = network.node(source);
    const to = network.node(destination);
    let distance = distances.get(target);
    if (distance === undefined) {
      distance = distancesTo(network, to, family, conditions);
      distances.set(target, distance);
    }
    const ways = cableSequences(from, to, family, conditions, distance);
    const found = ways.map((way) => pathOf(way, from, family, conditions));
    paths.set(key, found);
    return found;
  };
}

/** Dijkstra from the destination; by node index. The network is small enough to search the nearest node by looking at all. */
function distancesTo(
  network: Network,
  destination: Node,
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
    for (const link of usable(node, family, conditions)) {
      const next = otherEnd(link, node).index;
      const length = base + costOf(link, conditions);
      if (length < (distance[next] ?? 0)) distance[next] = length;
    }
  }
  return distance;
}

function nearest(open: ReadonlySet<Node>, distance: Float64Array): Node {
  let best: Node | null = null;
  for (const node of open) {
    if (best === null || (distance[node.index] ?? 0) < (distance[best.index] ?? 0)) best = node;
  }
  if (best === null) throw new Error('no node is left');
  return best;
}

/** All sequences of cables that make a shortest way. */
function cableSequences(
  from: Node,
  to: Node,
  family: Family,
  conditions: Conditions,
  distance: Float64Array,
): Link[][] {
  if (from === to) return [[]];
  const here = distance[from.index] ?? 0;
  return usable(from, family, conditions).flatMap((link) => {
    const next = otherEnd(link, from);
    if ((distance[next.index] ?? 0) + costOf(link, conditions) !== here) return [];
    const rest = cableSequences(next, to, family, conditions, distance);
    return rest.map((way) => [link, ...way]);
  });
}

function pathOf(way: readonly Link[], from: Node, family: Family, conditions: Conditions): Path {
  const hops: PathHop[] = [];
  let node = from;
  let delayMs = 0;
  let queueMs = 0;
  let mtu = Number.POSITIVE_INFINITY;
  for (const [index, link] of way.entries()) {
    const previous = node;
    node = otherEnd(link, node);
    delayMs += link.delayMs;
    queueMs += conditions.extraMs.get(link.id) ?? 0;
    mtu = Math.min(mtu, conditions.mtu.get(link.id) ?? link.mtu);
    const following = way[index + 1];
    const next = following === undefined ? null : otherEnd(following, node);
    if (isHidden(previous, node, next)) continue;
    const side = link.nodes[0] === node ? 0 : 1;
    const rttMs = 2 * delayMs + 0.02 * (hops.length + 1);
    hops.push({ node, interface: link.interfaces[side][family], rttMs, queueMs, mtu });
  }
  return { hops, links: way.map((link) => link.id) };
}

function isHidden(previous: Node, node: Node, next: Node | null): boolean {
  const { network } = node;
  return (
    network.hidesInterior === true && previous.network === network && next?.network === network
  );
}

function usable(node: Node, family: Family, conditions: Conditions): Link[] {
  return node.links.filter((link) => {
    return link.families.includes(family) && !conditions.down.has(link.id);
  });
}

function otherEnd(link: Link, node: Node): Node {
  return link.nodes[0] === node ? link.nodes[1] : link.nodes[0];
}

function costOf(link: Link, conditions: Conditions): number {
  return conditions.cost.get(link.id) ?? link.cost;
}
