import type { State, TestSummary, Topology, TopologyNode } from '../model/analysis.ts';
import { type Endpoint, endpointId, type Test } from '../model/test.ts';
import type { Responder } from '../model/trace.ts';
import { worse } from './order.ts';
import { isPrivate } from './privateAddress.ts';
import { realmsOf } from './realms.ts';

/** Tests that use a node or an edge, and the worst of their states. */
interface Use {
  readonly testIds: string[];
  state: State;
}

interface OpenNode extends Use {
  readonly address: string;
}

interface OpenEdge extends Use {
  readonly from: string;
  readonly to: string;
  silentHops: number;
}

/** A place on a route: the source, or a hop that answered. */
interface Stop {
  readonly ttl: number;
  readonly nodes: readonly { readonly id: string; readonly address: string }[];
}

/** Identity of the node that a test saw under an address. */
type NodeId = (test: Test, address: string) => string;

function nodeIds(tests: readonly Test[]): NodeId {
  const realm = realmsOf(tests);
  return (test, address) => {
    const isEnd = address === test.source.address || address === test.destination.address;
    if (isEnd || !isPrivate(address)) return address;
    return `${address}@${realm(endpointId(test.source))}`;
  };
}

function stopsOf({ test, route }: TestSummary, nodeId: NodeId): Stop[] {
  const source = endpointId(test.source);
  const hops = route.filter(({ addresses }) => addresses.length > 0);
  return [
    { ttl: 0, nodes: [{ id: source, address: source }] },
    ...hops.map(({ ttl, addresses }) => ({
      ttl,
      nodes: addresses.map((address) => ({ id: nodeId(test, address), address })),
    })),
  ];
}

/** The entry of a map that a test uses, made if it is new, marked with the test. */
function used<T extends Use>(
  entries: Map<string, T>,
  key: string,
  { test, state }: TestSummary,
  fresh: (use: Use) => T,
): T {
  const known = entries.get(key);
  if (known === undefined) {
    const entry = fresh({ testIds: [test.id], state });
    entries.set(key, entry);
    return entry;
  }
  if (known.testIds.at(-1) !== test.id) known.testIds.push(test.id);
  known.state = worse(known.state, state);
  return known;
}

function addEdges(edges: Map<string, OpenEdge>, a: Stop, b: Stop, summary: TestSummary): void {
  for (const { id: from } of a.nodes) {
    for (const { id: to } of b.nodes) {
      if (from === to) continue;
      // No name or address has a line break.
      const key = `${from}\n${to}`;
      const edge = used(edges, key, summary, (use) => ({ ...use, from, to, silentHops: 0 }));
      edge.silentHops = Math.max(edge.silentHops, b.ttl - a.ttl - 1);
    }
  }
}

function finishedNode(
  [id, { address, testIds, state }]: [string, OpenNode],
  hosts: ReadonlyMap<string, Endpoint>,
  responders: ReadonlyMap<string, Responder>,
): TopologyNode {
  const host = hosts.get(id);
  const known = responders.get(address);
  const name = host === undefined || host.name === address ? null : host.name;
  return {
    id,
    address,
    hostname: known?.hostname ?? name,
    asn: isPrivate(address) ? null : (known?.asn ?? null),
    asName: isPrivate(address) ? null : (known?.asName ?? null),
    kind: host === undefined ? 'router' : 'host',
    testIds,
    state,
  };
}

function hostsOf(tests: readonly Test[]): Map<string, Endpoint> {
  const ends = tests.flatMap(({ source, destination }) => [source, destination]);
  return new Map(ends.map((end) => [endpointId(end), end]));
}

/** By key; a line break sorts before anything that follows the first of two identities. */
function sorted<T>(entries: ReadonlyMap<string, T>): [string, T][] {
  return [...entries.keys()].sort().map((key) => [key, entries.get(key) as T]);
}

/**
 * The union of the current routes: an edge from each answering hop to the next, the source first; silent hops between two are
 * counted, not drawn. Nodes are addresses (private ones within their realm), never names. Sorted by identity.
 */
export function topologyOf(
  summaries: readonly TestSummary[],
  responders: ReadonlyMap<string, Responder>,
): Topology {
  const tests = summaries.map(({ test }) => test);
  const nodeId = nodeIds(tests);
  const nodes = new Map<string, OpenNode>();
  const edges = new Map<string, OpenEdge>();
  for (const summary of summaries) {
    if (summary.lastTraceAt === null) continue;
    const stops = stopsOf(summary, nodeId);
    for (const { id, address } of stops.flatMap((stop) => stop.nodes)) {
      used(nodes, id, summary, (use) => ({ ...use, address }));
    }
    stops.slice(1).forEach((stop, i) => {
      addEdges(edges, stops[i] as Stop, stop, summary);
    });
  }
  const hosts = hostsOf(tests);
  return {
    nodes: sorted(nodes).map((entry) => finishedNode(entry, hosts, responders)),
    edges: sorted(edges).map(([, edge]) => edge),
  };
}
