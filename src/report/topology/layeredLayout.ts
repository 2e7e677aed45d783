/** A node to place. `position`: 0 is the left edge, 1 the right edge. */
export interface LayeredNode {
  readonly key: string;
  readonly position: number;
  /** Nodes of a group stay together within their column. */
  readonly group: string;
}

/** An edge between two keys. */
export interface LayeredEdge {
  readonly from: string;
  readonly to: string;
}

/** Column and row of each node, both from 0; rows may be fractions. */
export interface Placement {
  readonly columns: number;
  readonly rows: number;
  readonly at: ReadonlyMap<string, { readonly column: number; readonly row: number }>;
}

const orderingSweeps = 12;
const straighteningSweeps = 12;

interface PlacedNode {
  readonly key: string;
  readonly group: string;
  readonly left: PlacedNode[];
  readonly right: PlacedNode[];
  column: number;
  row: number;
}

/** Assigns nodes to columns by position, without empty columns. */
function columnsOf(nodes: readonly LayeredNode[], columns: number): PlacedNode[][] {
  const found: PlacedNode[][] = Array.from({ length: columns }, () => []);
  const middle = Math.max(1, columns - 2);
  for (const { key, group, position } of nodes) {
    const inner = 1 + Math.min(middle - 1, Math.floor(position * middle));
    const column = position <= 0 ? 0 : position >= 1 ? columns - 1 : inner;
    found[column]?.push({ key, group, left: [], right: [], column, row: 0 });
  }
  const table = found.filter((cells) => cells.length > 0);
  for (const [index, cells] of table.entries()) {
    for (const cell of cells) cell.column = index;
  }
  return table;
}

/** Enters each edge at both of its ends; an edge within a column has no effect on the drawing. */
function linkNeighbors(
  cells: ReadonlyMap<string, PlacedNode>,
  edges: readonly LayeredEdge[],
): void {
  for (const { from, to } of edges) {
    const [a, b] = [cells.get(from), cells.get(to)];
    if (a === undefined || b === undefined || a.column === b.column) continue;
    const [left, right] = a.column < b.column ? [a, b] : [b, a];
    left.right.push(right);
    right.left.push(left);
  }
}

/** Orders the nodes within their columns, alternately from the left and from the right. */
function orderRows(table: readonly PlacedNode[][]): void {
  for (const column of table) orderColumn(column, () => []);
  for (let sweep = 0; sweep < orderingSweeps; sweep++) {
    const forward = sweep % 2 === 0;
    for (const column of forward ? table : table.toReversed()) {
      orderColumn(column, (cell) => (forward ? cell.left : cell.right));
    }
  }
}

function mean(cells: readonly PlacedNode[], fallback: number): number {
  return cells.length === 0
    ? fallback
    : cells.reduce((sum, { row }) => sum + row, 0) / cells.length;
}

/** Sorts a column by the mean row of the neighbors, first groups, then the nodes within. */
function orderColumn(cells: PlacedNode[], neighborsOf: (cell: PlacedNode) => PlacedNode[]): void {
  const pull = new Map(cells.map((cell) => [cell, mean(neighborsOf(cell), cell.row)]));
  const groupPull = new Map(
    Array.from(
      Map.groupBy(cells, ({ group }) => group),
      ([group, own]) =>
        [group, own.reduce((sum, cell) => sum + (pull.get(cell) ?? 0), 0) / own.length] as const,
    ),
  );
  cells.sort(
    (a, b) =>
      (groupPull.get(a.group) ?? 0) - (groupPull.get(b.group) ?? 0) ||
      compare(a.group, b.group) ||
      (pull.get(a) ?? 0) - (pull.get(b) ?? 0) ||
      compare(a.key, b.key),
  );
  const offset = -(cells.length - 1) / 2;
  cells.forEach((cell, index) => {
    cell.row = offset + index;
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Moves the nodes of an ordered column toward the mean row of their neighbors, one row apart and
 * within `reach` of the middle.
 */
function straighten(cells: readonly PlacedNode[], reach: number): void {
  let least = -reach;
  for (const cell of cells) {
    cell.row = Math.max(mean([...cell.left, ...cell.right], cell.row), least);
    least = cell.row + 1;
  }
  let most = reach;
  for (const cell of cells.toReversed()) {
    cell.row = Math.min(cell.row, most);
    most = cell.row - 1;
  }
}

/** Straightens all columns, alternately from the left and from the right. */
function straightenRows(table: readonly PlacedNode[][]): void {
  const reach = (Math.max(0, ...table.map((column) => column.length)) - 1) / 2;
  for (let sweep = 0; sweep < straighteningSweeps; sweep++) {
    for (const column of sweep % 2 === 0 ? table : table.toReversed()) straighten(column, reach);
  }
}

/**
 * Layered drawing from left to right: columns by position, the order within a column by the
 * barycenter of the neighbors, and rows moved toward them. An edge may span columns. The work is
 * proportional to the edges; the same input gives the same drawing.
 */
export function layOutInColumns(
  nodes: readonly LayeredNode[],
  edges: readonly LayeredEdge[],
  columns: number,
): Placement {
  const table = columnsOf(nodes, columns);
  const cells = new Map(table.flat().map((cell) => [cell.key, cell]));
  linkNeighbors(cells, edges);
  orderRows(table);
  straightenRows(table);
  const rows = Array.from(cells.values(), ({ row }) => row);
  const top = rows.reduce((least, row) => Math.min(least, row), 0);
  const bottom = rows.reduce((most, row) => Math.max(most, row), 0);
  return {
    columns: table.length,
    rows: bottom - top + 1,
    at: new Map(
      Array.from(cells, ([key, { column, row }]) => [key, { column, row: row - top }] as const),
    ),
  };
}
