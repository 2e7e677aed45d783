import type { MeshAnalysis, State, TestSummary, TopologyNode } from '../model/analysis.ts';
import { endpointId } from '../model/test.ts';
import { asLabel, counted } from './format.ts';
import type { Graph, GraphNode } from './topologyGraph.ts';
import { worse } from './worseState.ts';

interface OpenNode {
  readonly key: string;
  readonly kind: GraphNode['kind'];
  readonly asn: number | null;
  readonly label: string;
  readonly testIds: string[];
  places: number;
  state: State;
}

interface OpenEdge {
  readonly from: string;
  readonly to: string;
  readonly testIds: string[];
  state: State;
}

/** One AS (or a host whose AS is unknown) on the way of a test. */
interface Stop {
  readonly key: string;
  readonly kind: GraphNode['kind'];
  readonly asn: number | null;
  readonly label: string;
}

function endStop(kind: 'source' | 'destination', asn: number | null, name: string): Stop {
  const label = asn === null ? name : asLabel(asn);
  return { key: `${kind} ${label}`, kind, asn, label };
}

/** The ASes of a test in path order: the source's, those in between, and the destination's if the test reaches it. */
function stopsOf(
  { test, asPath, reached }: TestSummary,
  nodes: ReadonlyMap<string, TopologyNode>,
): Stop[] {
  const sourceAsn = nodes.get(endpointId(test.source))?.asn ?? asPath[0] ?? null;
  const known = nodes.get(endpointId(test.destination))?.asn;
  const destinationAsn = known ?? (reached ? (asPath.at(-1) ?? null) : null);
  const start = asPath[0] === sourceAsn ? 1 : 0;
  const end = reached && asPath.at(-1) === destinationAsn ? asPath.length - 1 : asPath.length;
  const middle = asPath
    .slice(start, Math.max(start, end))
    .map((asn): Stop => ({ key: asLabel(asn), kind: 'as', asn, label: asLabel(asn) }));
  const stops = [endStop('source', sourceAsn, test.source.name), ...middle];
  return reached
    ? [...stops, endStop('destination', destinationAsn, test.destination.name)]
    : stops;
}

/** Open nodes and edges of a graph that is being built. */
interface Building {
  readonly nodes: Map<string, OpenNode>;
  readonly edges: Map<string, OpenEdge>;
}

function addNode({ nodes }: Building, stop: Stop, place: number, summary: TestSummary): void {
  const { test, state } = summary;
  const node = nodes.get(stop.key) ?? { ...stop, testIds: [], places: 0, state };
  nodes.set(stop.key, node);
  node.testIds.push(test.id);
  node.places += place;
  node.state = worse(node.state, state);
}

function addEdge({ edges }: Building, from: string, to: string, summary: TestSummary): void {
  const { test, state } = summary;
  const key = `${from} ${to}`;
  const edge = edges.get(key) ?? { from, to, testIds: [], state };
  edges.set(key, edge);
  edge.testIds.push(test.id);
  edge.state = worse(edge.state, state);
}

function positionOf({ kind, places, testIds }: OpenNode): number {
  if (kind === 'source') return 0;
  if (kind === 'destination') return 1;
  return Math.min(0.999, Math.max(0.001, places / testIds.length));
}

/** The current routes by AS: an AS stands at the left with its sources, at the right with its destinations, between as transit. */
export function asGraph(mesh: MeshAnalysis): Graph {
  const nodes = new Map(mesh.topology.nodes.map((node) => [node.id, node]));
  const names = new Map<number, string>();
  const routers = new Map<number, number>();
  for (const { asn, asName, kind } of mesh.topology.nodes) {
    if (asn === null) continue;
    if (asName !== null && !names.has(asn)) names.set(asn, asName);
    if (kind === 'router') routers.set(asn, (routers.get(asn) ?? 0) + 1);
  }
  const building: Building = { nodes: new Map(), edges: new Map() };
  let longest = 1;
  for (const summary of mesh.tests) {
    if (summary.lastTraceAt === null) continue;
    const stops = stopsOf(summary, nodes);
    longest = Math.max(longest, stops.length - 1);
    stops.forEach((stop, index) => {
      addNode(building, stop, index / Math.max(1, stops.length - 1), summary);
      const before = stops[index - 1];
      if (before !== undefined) addEdge(building, before.key, stop.key, summary);
    });
  }
  return {
    nodes: Array.from(building.nodes.values(), (node) => ({
      key: node.key,
      label: node.label,
      detail: node.asn === null ? '' : counted(routers.get(node.asn) ?? 0, 'router'),
      asn: node.asn,
      asName: node.asn === null ? null : (names.get(node.asn) ?? null),
      kind: node.kind,
      position: positionOf(node),
      testIds: node.testIds,
      state: node.state,
    })),
    edges: Array.from(building.edges.values(), (edge) => ({ ...edge, silentHops: 0 })),
    longest,
  };
}
