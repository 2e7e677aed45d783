import type { MatrixCell, MeshAnalysis } from '../../model/site/analysis.ts';

/** Bits of the differences of an AS path. */
const differsByFamily = 1;
const differsByDirection = 2;

/**
 * For each cell: 1 if its AS path differs from that of the other family, 2 if it differs from the
 * reversed AS path of the reverse direction, 3 for both, 0 for neither. Compares only known AS
 * paths that reach the destination.
 */
export function asDifferences(mesh: MeshAnalysis): ReadonlyMap<MatrixCell, number> {
  const names = new Map(
    [...mesh.sources, ...mesh.destinations].map((end) => [end.address ?? end.name, end.name]),
  );
  const nameOf = (id: string) => names.get(id) ?? id;
  const key = (from: string, to: string, family: number) => JSON.stringify([from, to, family]);
  const asPaths = new Map(
    mesh.cells
      .filter(({ reached, asPath }) => reached === true && asPath.length > 0)
      .map(({ source, destination, family, asPath }) => [
        key(nameOf(source), nameOf(destination), family),
        asPath,
      ]),
  );
  return new Map(
    mesh.cells.map((cell) => {
      const [from, to] = [nameOf(cell.source), nameOf(cell.destination)];
      const own = asPaths.get(key(from, to, cell.family));
      const other = asPaths.get(key(from, to, cell.family === 4 ? 6 : 4));
      const reverse = asPaths.get(key(to, from, cell.family))?.toReversed();
      return [
        cell,
        (differs(own, other) ? differsByFamily : 0) +
          (differs(own, reverse) ? differsByDirection : 0),
      ];
    }),
  );
}

function differs(one: readonly number[] | undefined, other: readonly number[] | undefined) {
  if (one === undefined || other === undefined) return false;
  return one.length !== other.length || one.some((asn, index) => asn !== other[index]);
}
