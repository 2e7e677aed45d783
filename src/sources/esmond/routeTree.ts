import type { Route } from '../../model/trace.ts';
import { type HopBuffer, type HopBuffers, hopAt } from './hopBuffers.ts';

/** What of a trace makes its route, beside the slots from ttl `first` to `last`. */
interface RouteBounds {
  readonly first: number;
  readonly last: number;
  readonly reached: boolean;
  readonly pathMtu: number | null;
}

/** Every path that was met, so that traces over the same one find the same route. */
export interface RouteTree {
  /** The place where the path of a trace ends: the same for the same path, and without a route the first time. */
  findEnd(buffers: HopBuffers, bounds: RouteBounds): { route: Route | null };
}

/** A tree without any path. */
export function createRouteTree(): RouteTree {
  const root = createTreeNode(0);
  const errors = new Map<string, number>();
  return {
    findEnd: (buffers, { first, last, reached, pathMtu }) => {
      let node = follow(root, first);
      node = follow(node, reached ? 1 : 0);
      node = follow(node, pathMtu ?? 0);
      for (let ttl = first; ttl <= last; ttl += 1) {
        node = followHop(node, hopAt(buffers, ttl), errors);
      }
      return node;
    },
  };
}

/** A place in the tree: how it is reached from the one before, the route that ends here, if any, and what follows. */
interface RouteTreeNode {
  readonly symbol: number;
  route: Route | null;
  /** What followed the last time: most traces take the path of the one before. */
  previousNext: RouteTreeNode | null;
  /** By symbol, all that were likely once. */
  otherNext: Map<number, RouteTreeNode> | null;
}

function createTreeNode(symbol: number): RouteTreeNode {
  return { symbol, route: null, previousNext: null, otherNext: null };
}

function follow(node: RouteTreeNode, symbol: number): RouteTreeNode {
  const { previousNext } = node;
  if (previousNext?.symbol === symbol) return previousNext;
  const next = node.otherNext?.get(symbol) ?? createTreeNode(symbol);
  if (previousNext !== null) {
    node.otherNext ??= new Map();
    node.otherNext.set(previousNext.symbol, previousNext);
  }
  node.previousNext = next;
  return next;
}

/** One symbol for a plain hop; for any other a 1, its answers, MTU and error, each told by what is left of dividing by 4, and a 3. */
function followHop(
  node: RouteTreeNode,
  hop: Readonly<HopBuffer>,
  errors: Map<string, number>,
): RouteTreeNode {
  const { responderCount, responders, mtu, error } = hop;
  if (isPlainHop(hop)) return follow(node, 4 * plainIndex(hop));
  let current = follow(node, 1);
  for (let index = 0; index < responderCount; index += 1)
    current = follow(current, 4 * (responders[index]?.index ?? 0));
  if (mtu !== null) current = follow(current, 4 * mtu + 1);
  if (error !== null) {
    const number = errors.get(error) ?? errors.size;
    errors.set(error, number);
    current = follow(current, 4 * number + 2);
  }
  return follow(current, 3);
}

/** Nearly every hop is one address or silence. */
export function isPlainHop({ responderCount, mtu, error }: Readonly<HopBuffer>): boolean {
  return responderCount < 2 && mtu === null && error === null;
}

/** 0 for a silent hop, the number of the address from 1 for one that answered. */
export function plainIndex({ responderCount, responders }: Readonly<HopBuffer>): number {
  return responderCount === 0 ? 0 : 1 + (responders[0]?.index ?? -1);
}
