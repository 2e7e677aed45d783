import type { State, TestSummary, Topology, TopologyNode } from '../../../model/site/analysis.ts';
import { worseState } from '../../../model/site/analysis.ts';
import { type Endpoint, endpointId, type Test } from '../../../model/test/test.ts';
import { isLocalAddress } from '../../../model/trace/addressKinds.ts';
import type { Responder } from '../../../model/trace/trace.ts';
import { createRealmFinder } from './addressRealms.ts';

/** Tests that use a node or an edge, and the worst of their states. */
interface TestUsage {
  readonly testIds: string[];
  state: State;
}

interface NodeDraft extends TestUsage {
  readonly address: string;
}

interface EdgeDraft extends TestUsage {
  readonly from: string;
  readonly to: string;
  silentHops: number;
}

/** A stop of a route: the source, or a hop that answered. */
interface RouteStop {
  readonly ttl: number;
  readonly nodes: readonly { readonly id: string; readonly address: string }[];
}

/** The id of the node that a test sees under an address. */
type NodeId = (test: Test, address: string) => string;

function nodeIds(tests: readonly Test[]): NodeId {
  const realm = createRealmFinder(tests);
  return (test, address) => {
    const isEnd = address === test.source.address || address === test.destination.address;
    if (isEnd || !isLocalAddress(address)) return address;
    return `${address}@${realm(endpointId(test.source))}`;
  };
}

function stopsOf({ test, route }: TestSummary, nodeId: NodeId): RouteStop[] {
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

/** Records that a test uses an entry of a map, which is created when it is new. */
function recordUsage<T extends TestUsage>(
  entries: Map<string, T>,
  key: string,
  { test, state }: TestSummary,
  create: (usage: TestUsage) => T,
): T {
  const known = entries.get(key);
  if (known === undefined) {
    const entry = create({ testIds: [test.id], state });
    entries.set(key, entry);
    return entry;
  }
  if (known.testIds.at(-1) !== test.id) known.testIds.push(test.id);
  known.state = worseState(known.state, state);
  return known;
}

function addEdges(
  edges: Map<string, EdgeDraft>,
  a: RouteStop,
  b: RouteStop,
  summary: TestSummary,
): void {
  for (const { id: from } of a.nodes) {
    for (const { id: to } of b.nodes) {
      if (from === to) continue;
      // No name or address has a line break.
      const key = `${from}\n${to}`;
      const edge = recordUsage(edges, key, summary, (usage) => ({
        ...usage,
        from,
        to,
        silentHops: 0,
      }));
      edge.silentHops = Math.max(edge.silentHops, b.ttl - a.ttl - 1);
    }
  }
}

function finishNode(
  [id, { address, testIds, state }]: [string, NodeDraft],
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
    asn: isLocalAddress(address) ? null : (known?.asn ?? null),
    asName: isLocalAddress(address) ? null : (known?.asName ?? null),
    kind: host === undefined ? 'router' : 'host',
    testIds,
    state,
  };
}

function hostsOf(tests: readonly Test[]): Map<string, Endpoint> {
  const ends = tests.flatMap(({ source, destination }) => [source, destination]);
  return new Map(ends.map((end) => [endpointId(end), end]));
}

/** Sorts by key; a line break sorts before anything that follows the first of two ids. */
function sortedEntries<T>(entries: ReadonlyMap<string, T>): [string, T][] {
  return [...entries.keys()].sort().map((key) => [key, entries.get(key) as T]);
}

/**
 * The union of the current routes: an edge from each answering hop to the next, the source first.
 * Silent hops between two are counted, not drawn. Nodes are addresses (local ones within their
 * realm), never names. Sorted by id.
 */
export function buildTopology(
  summaries: readonly TestSummary[],
  responders: ReadonlyMap<string, Responder>,
): Topology {
  const tests = summaries.map(({ test }) => test);
  const nodeId = nodeIds(tests);
  const nodes = new Map<string, NodeDraft>();
  const edges = new Map<string, EdgeDraft>();
  for (const summary of summaries) {
    if (summary.lastTraceAt === null) continue;
    const stops = stopsOf(summary, nodeId);
    for (const { id, address } of stops.flatMap((stop) => stop.nodes)) {
      recordUsage(nodes, id, summary, (usage) => ({ ...usage, address }));
    }
    stops.slice(1).forEach((stop, i) => {
      addEdges(edges, stops[i] as RouteStop, stop, summary);
    });
  }
  const hosts = hostsOf(tests);
  return {
    nodes: sortedEntries(nodes).map((entry) => finishNode(entry, hosts, responders)),
    edges: sortedEntries(edges).map(([, edge]) => edge),
  };
}
