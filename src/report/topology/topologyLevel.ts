import { stateRank } from '../../model/site/analysis.ts';
import { formatCount, pluralize } from '../../model/values/format.ts';
import { asText } from '../responderText.ts';
import { type StateText, stateText } from '../stateText.ts';
import { graphDrawing } from './graphDrawing.ts';
import type { TestLink, TestRegister } from './testRegister.ts';
import type { GraphEdge, GraphNode, TopologyGraph } from './topologyGraph.ts';

/** Maximum rows of the table below a drawing, and links to tests per row. */
const maxRows = 500;
const maxLinks = 4;

/** A node in the drawing; `anchor` of its row in the table, '' without a row. */
export interface NodeView {
  readonly x: number;
  readonly y: number;
  readonly label: string;
  readonly detail: string;
  readonly title: string;
  readonly hue: number;
  readonly state: string;
  readonly kind: GraphNode['kind'];
  readonly tests: string;
  readonly anchor: string;
}

/** A link in the drawing. */
export interface EdgeView {
  readonly d: string;
  readonly width: number;
  readonly state: string;
  readonly silent: boolean;
  readonly title: string;
  readonly tests: string;
}

/** A node in the table. */
export interface NodeRow {
  readonly anchor: string;
  readonly label: string;
  readonly detail: string;
  readonly role: string;
  readonly as: string;
  readonly count: string;
  readonly state: StateText;
  readonly links: readonly TestLink[];
  readonly more: string;
}

/** One level of the topology page, as a drawing and as a table. */
export interface LevelView {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly NodeView[];
  readonly edges: readonly EdgeView[];
  readonly rows: readonly NodeRow[];
  readonly rowsLeft: string;
}

function nodeRole({ kind, position }: GraphNode): string {
  if (kind !== 'as') return kind;
  if (position < 0.3) return 'transit near sources';
  return position > 0.7 ? 'transit near destinations' : 'transit';
}

/** One hue per AS, the same on both levels; the busiest ASes get different hues. */
export function asHues(graphs: readonly TopologyGraph[]): ReadonlyMap<number, number> {
  const uses = new Map<number, number>();
  for (const { asn, testIds } of graphs.flatMap(({ nodes }) => nodes)) {
    if (asn !== null) uses.set(asn, (uses.get(asn) ?? 0) + testIds.length);
  }
  const ranked = [...uses].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return new Map(ranked.map(([asn], index) => [asn, (index % 7) + 1]));
}

function usageText({ testIds, state }: GraphNode | GraphEdge): string {
  return `${pluralize(testIds.length, 'test')}, worst state ${state}`;
}

function nodeTitle(node: GraphNode): string {
  const parts = [node.label, node.detail, asText(node.asn, node.asName), usageText(node)];
  return parts.filter((part) => part !== '').join(', ');
}

function edgeTitle(edge: GraphEdge, labels: ReadonlyMap<string, string>): string {
  const ends = `${labels.get(edge.from) ?? ''} to ${labels.get(edge.to) ?? ''}`;
  const silent = edge.silentHops > 0 ? `, ${pluralize(edge.silentHops, 'silent hop')} between` : '';
  return `${ends}${silent}: ${usageText(edge)}`;
}

function nodeRow(node: GraphNode, anchor: string, register: TestRegister): NodeRow {
  const left = node.testIds.length - maxLinks;
  return {
    anchor,
    label: node.label,
    detail: node.detail,
    role: nodeRole(node),
    as: asText(node.asn, node.asName),
    count: formatCount(node.testIds.length),
    state: stateText(node.state),
    links: register.links(node.testIds, maxLinks),
    more: left > 0 ? `and ${formatCount(left)} more` : '',
  };
}

/** Drawing and table of one graph; `prefix` makes the anchors of the two levels different. */
export function levelView(
  graph: TopologyGraph,
  prefix: string,
  hues: ReadonlyMap<number, number>,
  register: TestRegister,
): LevelView {
  const drawing = graphDrawing(graph);
  const labels = new Map(graph.nodes.map(({ key, label }) => [key, label]));
  const ranked = graph.nodes.toSorted(
    (a, b) => stateRank(a.state) - stateRank(b.state) || b.testIds.length - a.testIds.length,
  );
  const shown = ranked.slice(0, maxRows);
  const anchors = new Map(shown.map(({ key }, index) => [key, `${prefix}-${index + 1}`]));
  return {
    width: drawing.width,
    height: drawing.height,
    nodes: drawing.nodes.map(({ node, x, y, label, detail }) => ({
      x,
      y,
      label,
      detail,
      title: nodeTitle(node),
      hue: node.asn === null ? 8 : (hues.get(node.asn) ?? 8),
      state: node.state,
      kind: node.kind,
      tests: register.list(node.testIds),
      anchor: anchors.get(node.key) ?? '',
    })),
    edges: drawing.edges
      .toSorted((a, b) => stateRank(b.edge.state) - stateRank(a.edge.state))
      .map(({ edge, d, width }) => ({
        d,
        width,
        state: edge.state,
        silent: edge.silentHops > 0,
        title: edgeTitle(edge, labels),
        tests: register.list(edge.testIds),
      })),
    rows: shown.map((node) => nodeRow(node, anchors.get(node.key) ?? '', register)),
    rowsLeft: ranked.length > shown.length ? formatCount(ranked.length - shown.length) : '',
  };
}
