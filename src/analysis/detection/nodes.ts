import type { Responder } from '../../model/trace.ts';
import { type Identity, identify } from './identity.ts';

/** A device as one test sees it: all addresses that are known to be one. */
export interface Node extends Identity {
  readonly addresses: string[];
}

/** The devices of one test; a node's id is its place in `list`. The destination is always node 0. */
export interface NodeTable {
  readonly list: (Node | null)[];
  readonly byAddress: Map<string, number>;
  readonly byRouter: Map<string, number>;
}

/** Id of the destination's node. */
export const destinationNode = 0;
/** Addresses kept of one test; beyond it the ones that no regime knows are forgotten. */
export const nodeLimit = 600;

/** A table that knows the destination only. */
export function createNodes(destination: string | null): NodeTable {
  const address = destination ?? 'destination';
  const node: Node = {
    addresses: [address],
    router: null,
    place: null,
    asn: null,
    local: false,
  };
  return { list: [node], byAddress: new Map([[address, destinationNode]]), byRouter: new Map() };
}

/**
 * The node of an address, added when new. An address whose router name is that of a known node joins it. Reports two
 * nodes that turn out to be one through `merge(from, into)`.
 */
export function nodeOf(
  table: NodeTable,
  address: string,
  responders: ReadonlyMap<string, Responder>,
  merge: (from: number, into: number) => void,
): number {
  const known = table.byAddress.get(address);
  if (known === undefined) return addNode(table, address, responders.get(address));
  const node = table.list[known] as Node;
  if (node.router !== null || known === destinationNode) return known;
  return completeNode(table, known, node, responders.get(address), merge);
}

function addNode(table: NodeTable, address: string, responder: Responder | undefined): number {
  const identity = responder === undefined ? identify(undefined, address) : identityOf(responder);
  const twin = identity.router === null ? undefined : table.byRouter.get(identity.router);
  if (twin !== undefined) {
    table.byAddress.set(address, twin);
    (table.list[twin] as Node).addresses.push(address);
    return twin;
  }
  const free = table.list.length < nodeLimit ? -1 : table.list.indexOf(null);
  const id = free < 0 ? table.list.length : free;
  table.list[id] = { addresses: [address], ...identity };
  table.byAddress.set(address, id);
  if (identity.router !== null) table.byRouter.set(identity.router, id);
  return id;
}

/** What names tell of a responder, remembered: most nodes without a router are asked for again in each trace. */
const identities = new WeakMap<Responder, Identity>();

function identityOf(responder: Responder): Identity {
  const known = identities.get(responder);
  if (known !== undefined) return known;
  const identity = identify(responder, responder.address);
  identities.set(responder, identity);
  return identity;
}

/** A node seen without name or AS takes them on when a later look-up succeeds. */
function completeNode(
  table: NodeTable,
  id: number,
  node: Node,
  responder: Responder | undefined,
  merge: (from: number, into: number) => void,
): number {
  if (responder === undefined || (responder.hostname === null && responder.asn === node.asn))
    return id;
  const identity = identityOf(responder);
  if (identity.router === null) {
    if (identity.asn !== null && identity.asn !== node.asn)
      table.list[id] = { ...node, ...identity };
    return id;
  }
  const twin = table.byRouter.get(identity.router);
  if (twin !== undefined && twin !== id) {
    merge(id, twin);
    return twin;
  }
  table.list[id] = { ...node, ...identity };
  table.byRouter.set(identity.router, id);
  return id;
}

/** Makes all addresses of one node those of another; the first id becomes free. */
export function joinNodes(table: NodeTable, from: number, into: number): void {
  const gone = table.list[from];
  const stays = table.list[into];
  if (!gone || !stays || from === into) return;
  for (const address of gone.addresses) {
    table.byAddress.set(address, into);
    stays.addresses.push(address);
  }
  if (gone.router !== null) table.byRouter.set(gone.router, into);
  table.list[from] = null;
}

/** Forgets every node that `used` does not hold, once there are too many. */
export function pruneNodes(table: NodeTable, used: (id: number) => boolean): void {
  for (const [id, node] of table.list.entries()) {
    if (node === null || id === destinationNode || used(id)) continue;
    for (const address of node.addresses) table.byAddress.delete(address);
    table.list[id] = null;
  }
  for (const [router, id] of table.byRouter)
    if (table.list[id] === null) table.byRouter.delete(router);
}
