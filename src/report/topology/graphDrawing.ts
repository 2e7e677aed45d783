import { truncate } from '../../lib/truncate.ts';
import { roundToTenth } from '../svg/coordinates.ts';
import { layOutInColumns } from './layeredLayout.ts';
import type { GraphEdge, GraphNode, TopologyGraph } from './topologyGraph.ts';

/** Pixels. The size of a node and its text positions must match the template. */
const nodeWidth = 148;
const nodeHeight = 30;
const minGap = 52;
const maxGap = 200;
/** A drawing with few columns spreads to about this width. */
const targetWidth = 1300;
const rowGap = 8;
const margin = 6;
const minLineWidth = 1.2;
const maxLineWidth = 6;
const maxLabelLength = 21;

/** A node ready to draw. */
interface DrawnNode {
  readonly node: GraphNode;
  readonly x: number;
  readonly y: number;
  readonly label: string;
  readonly detail: string;
}

/** A link ready to draw, `width` in pixels. */
interface DrawnEdge {
  readonly edge: GraphEdge;
  readonly d: string;
  readonly width: number;
}

/** A drawing of a graph: sizes in pixels. */
export interface GraphDrawing {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly DrawnNode[];
  /** Busy links come last, so that they are on top. */
  readonly edges: readonly DrawnEdge[];
}

/** Label and detail of a node, truncated; the title has the full name. */
function nodeTexts(node: GraphNode): Pick<DrawnNode, 'label' | 'detail'> {
  const as = node.asName ?? (node.asn === null ? '' : `AS${node.asn}`);
  if (node.kind === 'as' || node.key.includes(' AS')) {
    return {
      label: truncate(node.label, maxLabelLength),
      detail: truncate(node.asName ?? node.detail, maxLabelLength),
    };
  }
  return {
    label: truncate(node.label, maxLabelLength),
    detail: truncate(node.asn === null ? as : `AS${node.asn}`, maxLabelLength),
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * A curve from the right side of one node to the left side of another; between nodes of the same
 * column, a loop on the right.
 */
function curve(from: Point, to: Point): string {
  const [x1, y1] = [from.x + nodeWidth, roundToTenth(from.y + nodeHeight / 2)];
  const [x2, y2] = [to.x, roundToTenth(to.y + nodeHeight / 2)];
  if (from.x === to.x) {
    const bend = x1 + minGap * 0.7;
    return `M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x1} ${y2}`;
  }
  const reach = x2 > x1 ? (x2 - x1) / 2 : minGap;
  return `M${x1} ${y1}C${roundToTenth(x1 + reach)} ${y1} ${roundToTenth(x2 - reach)} ${y2} ${x2} ${y2}`;
}

/** Places and draws a graph with sources on the left and destinations on the right. */
export function graphDrawing(graph: TopologyGraph): GraphDrawing {
  const nodes = graph.nodes.map((node) => ({ ...node, group: `${node.asn ?? ''}` }));
  const { at, rows, columns: used } = layOutInColumns(nodes, graph.edges, graph.columns);
  const spread = Math.floor((targetWidth - used * nodeWidth) / Math.max(1, used - 1));
  const columnGap = Math.min(maxGap, Math.max(minGap, spread));
  const points = new Map(
    Array.from(at, ([key, { column, row }]) => [
      key,
      {
        x: margin + column * (nodeWidth + columnGap),
        y: roundToTenth(margin + row * (nodeHeight + rowGap)),
      },
    ]),
  );
  const busiest = graph.edges.reduce((most, { testIds }) => Math.max(most, testIds.length), 1);
  return {
    width: used * (nodeWidth + columnGap) - columnGap + 2 * margin,
    height: Math.ceil(rows * (nodeHeight + rowGap)) + 2 * margin,
    nodes: graph.nodes.flatMap((node) => {
      const point = points.get(node.key);
      return point === undefined ? [] : [{ node, ...point, ...nodeTexts(node) }];
    }),
    edges: graph.edges.flatMap((edge) => {
      const [from, to] = [points.get(edge.from), points.get(edge.to)];
      if (from === undefined || to === undefined) return [];
      const share = Math.sqrt(edge.testIds.length / busiest);
      return [
        {
          edge,
          d: curve(from, to),
          width: roundToTenth(Math.max(minLineWidth, maxLineWidth * share)),
        },
      ];
    }),
  };
}
