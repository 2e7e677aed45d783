import type { Route } from '../../model/trace/trace.ts';
import { type HopBuffer, type HopBuffers, hopAt } from './hopBuffers.ts';
import { createSymbolNode, follow, type SymbolTreeNode } from './symbolTree.ts';

/** The properties of a route apart from its hops, which are the buffers from `first` to `last`. */
interface RouteBounds {
  readonly first: number;
  readonly last: number;
  readonly reached: boolean;
  readonly pathMtu: number | null;
}

/** All known routes, so that traces with equal routes share one object. */
export interface RouteTree {
  /**
   * The end of a trace's route in the tree: the same for equal routes, and without a route at
   * first.
   */
  findEnd(buffers: HopBuffers, bounds: RouteBounds): SymbolTreeNode<Route>;
}

/** An empty tree. */
export function createRouteTree(): RouteTree {
  const root = createSymbolNode<Route>(0);
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

/**
 * A plain hop is one symbol. Any other hop is a 1, its responders, its MTU, its error and a 3; the
 * remainder of a division by 4 distinguishes them.
 */
function followHop(
  node: SymbolTreeNode<Route>,
  hop: Readonly<HopBuffer>,
  errors: Map<string, number>,
): SymbolTreeNode<Route> {
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

/** Whether a hop is one address or silent, as nearly all hops are. */
export function isPlainHop({ responderCount, mtu, error }: Readonly<HopBuffer>): boolean {
  return responderCount < 2 && mtu === null && error === null;
}

/** 0 for a silent hop, else the rank of its address from 1. */
export function plainIndex({ responderCount, responders }: Readonly<HopBuffer>): number {
  return responderCount === 0 ? 0 : 1 + (responders[0]?.index ?? -1);
}
