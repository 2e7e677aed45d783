import type { MeshAnalysis, State, TopologyNode } from '../../model/site/analysis.ts';

/** A node of a drawn graph: a router, a host or an AS. */
export interface GraphNode {
  readonly key: string;
  readonly label: string;
  readonly detail: string;
  readonly asn: number | null;
  readonly asName: string | null;
  readonly kind: 'source' | 'destination' | 'router' | 'as';
  /** Mean position on the routes through the node: 0 is the source, 1 the destination. */
  readonly position: number;
  readonly testIds: readonly string[];
  readonly state: State;
}

/** A link of a drawn graph. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly silentHops: number;
  readonly testIds: readonly string[];
  readonly state: State;
}

/** A graph that the topology page draws. */
export interface TopologyGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** Number of columns of the drawing. */
  readonly columns: number;
}

/** Longer routes share columns. */
const maxColumns = 14;
const minColumns = 3;

/** A host appears on the left as a source and on the right as a destination. */
function sideKeys(kind: TopologyNode['kind'], id: string): { from: string; to: string } {
  return kind === 'host' ? { from: `source ${id}`, to: `destination ${id}` } : { from: id, to: id };
}

/** Finds the node of an address on the route of a test; a private address may have several. */
function nodeFinder(nodes: readonly TopologyNode[]) {
  const byAddress = Map.groupBy(nodes, ({ address }) => address);
  return (address: string, testId: string): TopologyNode | undefined => {
    const candidates = byAddress.get(address) ?? [];
    if (candidates.length <= 1) return candidates[0];
    return candidates.find(({ testIds }) => testIds.includes(testId));
  };
}

/** Mean position of each router on the routes of the tests through it. */
function positions({ tests, topology }: MeshAnalysis): Map<string, number> {
  const findNode = nodeFinder(topology.nodes);
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { test, route } of tests) {
    const length = (route.at(-1)?.ttl ?? 0) + (route.at(-1)?.addresses.length ? 0 : 1);
    const stops = route.flatMap(({ ttl, addresses }) =>
      addresses.map((address) => ({ ttl, id: findNode(address, test.id)?.id })),
    );
    for (const { ttl, id } of stops) {
      if (id === undefined) continue;
      const entry = sums.get(id) ?? { sum: 0, count: 0 };
      sums.set(id, entry);
      entry.sum += ttl / length;
      entry.count += 1;
    }
  }
  return new Map(Array.from(sums, ([id, { sum, count }]) => [id, sum / count] as const));
}

function hostSides(
  node: TopologyNode,
  edgeEnds: ReadonlySet<string>,
  labels: MeshAnalysis['labels'],
): GraphNode[] {
  const { from, to } = sideKeys(node.kind, node.id);
  const base = hostLabels(node, labels);
  const sides: GraphNode[] = [];
  if (edgeEnds.has(from)) sides.push({ ...base, key: from, kind: 'source', position: 0 });
  if (edgeEnds.has(to)) sides.push({ ...base, key: to, kind: 'destination', position: 1 });
  return sides;
}

/** A host has its configured display name, if any. */
function hostLabels(node: TopologyNode, labels: MeshAnalysis['labels']) {
  const text = nodeLabels(node);
  const label = labels?.get(node.address)?.displayName ?? text.label;
  if (label.toLowerCase() === text.label.toLowerCase()) return text;
  const detail = [text.label, text.detail].filter((part) => part !== '').join(', ');
  return { ...text, label: label, detail };
}

function nodeLabels({ address, hostname, asn, asName, testIds, state }: TopologyNode) {
  return {
    label: hostname ?? address,
    detail: hostname === null ? '' : address,
    asn,
    asName,
    testIds,
    state,
  };
}

/** All routers and hosts of the current routes. */
export function routerGraph(mesh: MeshAnalysis): TopologyGraph {
  const { nodes, edges } = mesh.topology;
  const kinds = new Map(nodes.map(({ id, kind }) => [id, kind]));
  const place = positions(mesh);
  const sidedEdges = edges.map((edge) => ({
    ...edge,
    from: sideKeys(kinds.get(edge.from) ?? 'router', edge.from).from,
    to: sideKeys(kinds.get(edge.to) ?? 'router', edge.to).to,
  }));
  const longest = mesh.tests.reduce((most, { route }) => Math.max(most, route.at(-1)?.ttl ?? 0), 1);
  const ends = new Set(sidedEdges.flatMap(({ from, to }) => [from, to]));
  return {
    nodes: nodes.flatMap((node): GraphNode[] => {
      if (node.kind === 'host') return hostSides(node, ends, mesh.labels);
      const position = Math.min(0.999, Math.max(0.001, place.get(node.id) ?? 0.5));
      return [{ ...nodeLabels(node), key: node.id, kind: 'router', position }];
    }),
    edges: sidedEdges,
    columns: Math.min(maxColumns, Math.max(minColumns, longest + 1)),
  };
}
