import type { MatrixCell, MeshAnalysis } from '../../model/site/analysis.ts';
import type { Family } from '../../model/test/test.ts';
import { asDifferences } from '../route/asDifference.ts';
import type { StateText } from '../stateText.ts';
import { headingOf, hostGroups, worstStateText } from './hostGroups.ts';
import { groupHosts, nameParts, sharedDomain } from './hosts.ts';
import { type CellDensity, type CellView, cellView, pairLabel } from './matrixCell.ts';
import type { GridCell, Host, HostGroup, Hosts } from './matrixTypes.ts';

/** Rows are sources, columns are destinations. */
export interface GridView {
  readonly density: CellDensity;
  readonly isDualStack: boolean;
  /** The grid has so many columns that scripts show the list first. */
  readonly startsAsList: boolean;
  /** Only for a grid of glyphs: with fixed widths the browser need not measure each cell. */
  readonly widths: GridWidths | null;
  readonly columns: readonly ColumnHead[];
  /** Headings above the columns; a single one without a name if there are none. */
  readonly columnGroups: readonly HostGroup[];
  readonly rowGroups: readonly RowGroup[];
}

/**
 * Rows under one heading, which shows the worst state of each column; null if the column has no
 * test in these rows.
 */
export interface RowGroup {
  readonly name: string;
  readonly worst: StateText | null;
  readonly columns: readonly (StateText | null)[];
  readonly rows: readonly GridRow[];
}

/** Widths of the row heads and of the table, pixels. */
interface GridWidths {
  readonly head: number;
  readonly table: number;
}

interface GridRow {
  readonly head: HeadView;
  readonly cells: readonly GridCell[];
}

export interface HeadView {
  readonly text: string;
  /** Full name and addresses. */
  readonly title: string;
  readonly hasDisplayName: boolean;
  /** Heading of its group; '' for none. */
  readonly group: string;
}

/** Head of a column; its name may wrap. */
export interface ColumnHead extends HeadView {
  /** `nameParts` of `text`. */
  readonly parts: readonly string[];
}

/** Hosts of the rows and columns, the domain their names share, and the tested families. */
export interface GridHosts {
  readonly sources: Hosts;
  readonly destinations: Hosts;
  readonly domain: string;
  readonly families: readonly Family[];
}

/** Groups the mesh's endpoints into rows and columns. */
export function gridHosts(mesh: MeshAnalysis): GridHosts {
  const domain = sharedDomain([...mesh.sources, ...mesh.destinations].map(({ name }) => name));
  return {
    sources: groupHosts(mesh.sources, domain, mesh.labels),
    destinations: groupHosts(mesh.destinations, domain, mesh.labels),
    domain,
    families: [...new Set(mesh.cells.map((cell) => cell.family))].sort(),
  };
}

/** The grid. The ages in the cells' figures are relative to `generatedAt`. */
export function gridView(mesh: MeshAnalysis, hosts: GridHosts, generatedAt: number): GridView {
  const { sources, destinations, families } = hosts;
  const density = densityFor(destinations.list.length);
  const isDualStack = families.length > 1;
  const byPair = cellsByPair(mesh.cells, hosts);
  const differences = asDifferences(mesh);
  const rowGroups = hostGroups(sources.list);
  const columnGroups = hostGroups(destinations.list);
  const isGrouped = rowGroups.length > 1 || columnGroups.length > 1;
  const cellAt = (source: Host, row: number) => (destination: Host, column: number) => {
    const cells = byPair.get(row * destinations.list.length + column) ?? [];
    const view = (cell: MatrixCell) =>
      cellView(
        cell,
        pairLabel(source.shortName, destination.shortName, isDualStack ? cell.family : null),
        density,
        generatedAt,
        differences.get(cell) ?? 0,
      );
    return {
      isSelf: source.name === destination.name,
      slots: slots(cells, families, view),
      hasDifferingAsPath: cells.some((cell) => ((differences.get(cell) ?? 0) & 1) !== 0),
    };
  };
  const rows = sources.list.map((source, row) => ({
    head: headView(source, isGrouped),
    cells: destinations.list.map(cellAt(source, row)),
  }));
  return {
    density,
    isDualStack,
    startsAsList: destinations.list.length > maxGridColumns,
    widths: density === 'glyphs' ? gridWidths(hosts) : null,
    columns: destinations.list.map((host) => columnHead(host, isGrouped)),
    columnGroups,
    rowGroups: rowGroups.map((group) => buildRowGroup(group, rows, destinations.list.length)),
  };
}

function buildRowGroup(
  { name, first, size }: HostGroup,
  all: readonly GridRow[],
  columns: number,
): RowGroup {
  const rows = all.slice(first, first + size);
  return {
    name,
    rows,
    worst: worstStateText(rows.flatMap(({ cells }) => cells)),
    columns: Array.from({ length: columns }, (_, column) =>
      worstStateText(rows.map(({ cells }) => cells[column])),
    ),
  };
}

/** Width of a column of glyphs and approximate width of a letter, pixels. */
const columnWidth = 24;
const letterWidth = 7.2;

function gridWidths({ sources, destinations }: GridHosts): GridWidths {
  const longest = Math.max(14, ...sources.list.map(({ shortName }) => shortName.length));
  const head = Math.min(240, Math.round(longest * letterWidth) + 28);
  return { head, table: head + destinations.list.length * columnWidth };
}

/** A grid with more columns does not fit on a screen. */
const maxGridColumns = 60;

/** Words fit with up to 12 columns, values with up to 25. */
function densityFor(columns: number): CellDensity {
  if (columns <= 12) return 'words';
  return columns <= 25 ? 'values' : 'glyphs';
}

function headView(host: Host, isGrouped: boolean): HeadView {
  const { shortName: text, hasDisplayName, name, addresses } = host;
  const group = isGrouped ? headingOf(host.group) : '';
  return { text, hasDisplayName, group, title: [name, ...addresses].join('\n') };
}

function columnHead(host: Host, isGrouped: boolean): ColumnHead {
  return { ...headView(host, isGrouped), parts: nameParts(host.shortName) };
}

function cellsByPair(
  cells: readonly MatrixCell[],
  { sources, destinations }: GridHosts,
): ReadonlyMap<number, readonly MatrixCell[]> {
  const byPair = new Map<number, MatrixCell[]>();
  for (const cell of cells) {
    const row = sources.indexById.get(cell.source);
    const column = destinations.indexById.get(cell.destination);
    if (row === undefined || column === undefined) continue;
    const key = row * destinations.list.length + column;
    const known = byPair.get(key);
    if (known === undefined) byPair.set(key, [cell]);
    else known.push(cell);
  }
  return byPair;
}

/** IPv4 above IPv6. A host with several addresses of a family has several slots. */
function slots(
  cells: readonly MatrixCell[],
  families: readonly Family[],
  view: (cell: MatrixCell) => CellView,
): readonly (CellView | null)[] {
  if (cells.length === 0) return [];
  return families.flatMap((family) => {
    const ofFamily = cells.filter((cell) => cell.family === family);
    return ofFamily.length === 0 ? [null] : ofFamily.map(view);
  });
}
