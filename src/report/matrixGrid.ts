import type { MatrixCell, MeshAnalysis } from '../model/analysis.ts';
import type { Family } from '../model/test.ts';
import { groupHosts, type Host, type Hosts, sharedDomain } from './hosts.ts';
import { type CellRoom, type CellView, cellView, pairLabel } from './matrixCell.ts';

/** Rows are sources, columns destinations; a `null` slot is a family of the mesh that this pair is not tested in. */
export interface GridView {
  readonly room: CellRoom;
  readonly dual: boolean;
  readonly columns: readonly HeadView[];
  readonly rows: readonly { readonly head: HeadView; readonly cells: readonly GridCell[] }[];
}

export interface HeadView {
  readonly text: string;
  /** Full name and addresses. */
  readonly title: string;
}

/** `self`: source and destination are one host. `slots` is empty when the pair is untested. */
export interface GridCell {
  readonly self: boolean;
  readonly slots: readonly (CellView | null)[];
}

/** Hosts down and across, the domain their names share, and the families tested. */
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
    sources: groupHosts(mesh.sources, domain),
    destinations: groupHosts(mesh.destinations, domain),
    domain,
    families: [...new Set(mesh.cells.map((cell) => cell.family))].sort(),
  };
}

/** The whole grid. `generatedAt` is what the ages in the cells' figures count from. */
export function gridView(mesh: MeshAnalysis, hosts: GridHosts, generatedAt: number): GridView {
  const { sources, destinations, families } = hosts;
  const room = roomFor(destinations.list.length);
  const dual = families.length > 1;
  const byPair = cellsByPair(mesh.cells, hosts);
  return {
    room,
    dual,
    columns: destinations.list.map(headView),
    rows: sources.list.map((source, row) => ({
      head: headView(source),
      cells: destinations.list.map((destination, column) => ({
        self: source.name === destination.name,
        slots: slots(byPair.get(row * destinations.list.length + column) ?? [], families, (cell) =>
          cellView(
            cell,
            pairLabel(source.shortName, destination.shortName, dual ? cell.family : null),
            room,
            generatedAt,
          ),
        ),
      })),
    })),
  };
}

/** Words fit up to 12 columns, values up to 25. */
function roomFor(columns: number): CellRoom {
  if (columns <= 12) return 'words';
  return columns <= 25 ? 'values' : 'glyphs';
}

function headView(host: Host): HeadView {
  return { text: host.shortName, title: [host.name, ...host.addresses].join('\n') };
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

/** IPv4 above IPv6; a host with several addresses of a family has several slots for it. */
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
