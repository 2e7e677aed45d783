import type { MeshAnalysis, State, TestSummary, TopologyNode } from '../../model/site/analysis.ts';
import { worseState } from '../../model/site/analysis.ts';
import { endpointId } from '../../model/test/test.ts';
import { asLabel, pluralize } from '../../model/values/format.ts';
import type { GraphNode, TopologyGraph } from './topologyGraph.ts';

interface MutableNode {
  readonly key: string;
  readonly kind: GraphNode['kind'];
  readonly asn: number | null;
  readonly label: string;
  readonly position: number;
  readonly testIds: string[];
  state: State;
}

interface MutableEdge {
  readonly from: string;
  readonly to: string;
  readonly testIds: string[];
  state: State;
}

/** One AS (or a host of an unknown AS) on the route of a test. */
interface AsStop {
  readonly key: string;
  readonly kind: GraphNode['kind'];
  readonly asn: number | null;
  readonly label: string;
  readonly position: number;
}

/**
 * Columns for transit between the sources and the destinations. A network that carries both
 * directions of a mesh appears in several columns, as hosts appear on both sides; otherwise all
 * transit would end up in the middle.
 */
const transitColumns = 5;

function transitStop(asn: number, index: number, count: number): AsStop {
  const last = transitColumns - 1;
  const column = count === 1 ? last / 2 : Math.round((index / (count - 1)) * last);
  const label = asLabel(asn);
  const position = (column + 0.5) / transitColumns;
  return { key: `${column} ${label}`, kind: 'as', asn, label, position };
}

function endStop(kind: 'source' | 'destination', asn: number | null, name: string): AsStop {
  const label = asn === null ? name : asLabel(asn);
  const position = kind === 'source' ? 0 : 1;
  return { key: `${kind} ${label}`, kind, asn, label, position };
}

/**
 * The ASes of a test in route order, from the source to the destination or as far as the trace
 * gets.
 */
function stopsOf(
  { test, asPath, reached }: TestSummary,
  nodes: ReadonlyMap<string, TopologyNode>,
): AsStop[] {
  const sourceAsn = nodes.get(endpointId(test.source))?.asn ?? asPath[0] ?? null;
  const known = nodes.get(endpointId(test.destination))?.asn;
  const destinationAsn = known ?? (reached ? (asPath.at(-1) ?? null) : null);
  const start = asPath[0] === sourceAsn ? 1 : 0;
  const arrives = reached || (destinationAsn !== null && asPath.at(-1) === destinationAsn);
  const end = arrives && asPath.at(-1) === destinationAsn ? asPath.length - 1 : asPath.length;
  const transit = asPath.slice(start, Math.max(start, end));
  const middle = transit.map((asn, index) => transitStop(asn, index, transit.length));
  const stops = [endStop('source', sourceAsn, test.source.name), ...middle];
  return arrives
    ? [...stops, endStop('destination', destinationAsn, test.destination.name)]
    : stops;
}

/** Nodes and edges of a graph under construction. */
interface GraphBuilder {
  readonly nodes: Map<string, MutableNode>;
  readonly edges: Map<string, MutableEdge>;
}

function addNode({ nodes }: GraphBuilder, stop: AsStop, summary: TestSummary): void {
  const { test, state } = summary;
  const node = nodes.get(stop.key) ?? { ...stop, testIds: [], state };
  nodes.set(stop.key, node);
  if (node.testIds.at(-1) !== test.id) node.testIds.push(test.id);
  node.state = worseState(node.state, state);
}

function addEdge({ edges }: GraphBuilder, from: string, to: string, summary: TestSummary): void {
  const { test, state } = summary;
  const key = `${from} ${to}`;
  const edge = edges.get(key) ?? { from, to, testIds: [], state };
  edges.set(key, edge);
  if (edge.testIds.at(-1) !== test.id) edge.testIds.push(test.id);
  edge.state = worseState(edge.state, state);
}

/** The current routes by AS: sources on the left, destinations on the right, transit in between. */
export function asGraph(mesh: MeshAnalysis): TopologyGraph {
  const nodes = new Map(mesh.topology.nodes.map((node) => [node.id, node]));
  const names = new Map<number, string>();
  const routers = new Map<number, number>();
  for (const { asn, asName, kind } of mesh.topology.nodes) {
    if (asn === null) continue;
    if (asName !== null && !names.has(asn)) names.set(asn, asName);
    if (kind === 'router') routers.set(asn, (routers.get(asn) ?? 0) + 1);
  }
  const builder: GraphBuilder = { nodes: new Map(), edges: new Map() };
  for (const summary of mesh.tests) {
    if (summary.lastTraceAt === null) continue;
    const stops = stopsOf(summary, nodes);
    stops.forEach((stop, index) => {
      addNode(builder, stop, summary);
      const before = stops[index - 1];
      if (before !== undefined) addEdge(builder, before.key, stop.key, summary);
    });
  }
  return {
    nodes: Array.from(builder.nodes.values(), (node) => ({
      key: node.key,
      label: node.label,
      detail: node.asn === null ? '' : pluralize(routers.get(node.asn) ?? 0, 'router'),
      asn: node.asn,
      asName: node.asn === null ? null : (names.get(node.asn) ?? null),
      kind: node.kind,
      position: node.position,
      testIds: node.testIds,
      state: node.state,
    })),
    edges: Array.from(builder.edges.values(), (edge) => ({ ...edge, silentHops: 0 })),
    columns: transitColumns + 2,
  };
}
