import type { MatrixCell, MeshAnalysis } from '../../../model/site/analysis.ts';
import type { MeshPlan, PlannedHost, PlannedTest } from '../../../model/test/meshPlan.ts';
import { type Endpoint, endpointId, type Family } from '../../../model/test/test.ts';
import { familyOf } from '../../../model/trace/addressKinds.ts';
import { createHostFinder } from './displayNames.ts';
import { untestedCell } from './untestedCell.ts';

/**
 * Applies the administrator's plan to a mesh: hosts in its order (unknown ones after them) with
 * their labels, hosts without any test, and an `untested` cell for every planned test that is
 * missing.
 */
export function applyPlan(mesh: MeshAnalysis, plan: MeshPlan): MeshAnalysis {
  const planned = new Map(plan.hosts.map((host) => [host.address, host]));
  const hostOf = createHostFinder(plan);
  const labels = new Map<string, PlannedHost>();
  const ends = [...mesh.sources, ...mesh.destinations];
  for (const end of ends) {
    const host = hostOf(end);
    if (host !== undefined) labels.set(endpointId(end), host);
  }
  const missing = missingTests(mesh, plan, labels);
  const endOf = createEndpointFinder(ends, labels);
  const cells = missing.map((test) => plannedCell(test, mesh, endOf));
  const added = missing.flatMap(({ source, destination }) => [source, destination]);
  for (const address of added) {
    const host = planned.get(address);
    if (host !== undefined) labels.set(endpointId(endOf(address, null)), host);
  }
  const order = new Map(plan.hosts.map(({ address }, index) => [address, index]));
  const rank = (end: Endpoint) =>
    order.get(labels.get(endpointId(end))?.address ?? '') ?? plan.hosts.length;
  const sorted = (known: readonly Endpoint[], more: readonly Endpoint[]) => {
    const all = new Map([...known, ...more].map((end) => [endpointId(end), end]));
    return [...all.values()].sort((a, b) => rank(a) - rank(b));
  };
  return {
    ...mesh,
    sources: sorted(
      mesh.sources,
      missing.map(({ source, family }) => endOf(source, family)),
    ),
    destinations: sorted(
      mesh.destinations,
      missing.map(({ destination, family }) => endOf(destination, family)),
    ),
    cells: [...mesh.cells, ...cells],
    labels,
  };
}

/** Planned tests without a cell, in the plan's order. */
function missingTests(
  { cells }: MeshAnalysis,
  { tests }: MeshPlan,
  labels: ReadonlyMap<string, PlannedHost>,
): PlannedTest[] {
  const known = new Set<string>();
  for (const { source, destination, family } of cells) {
    const from = labels.get(source)?.address;
    const to = labels.get(destination)?.address;
    if (from === undefined || to === undefined) continue;
    known.add(JSON.stringify([from, to, family]));
    known.add(JSON.stringify([from, to, null]));
  }
  return tests.filter(
    ({ source, destination, family }) => !known.has(JSON.stringify([source, destination, family])),
  );
}

/**
 * Finds the end of the mesh for a planned address, of the given family if there is one, else
 * creates one.
 */
function createEndpointFinder(
  ends: readonly Endpoint[],
  labels: ReadonlyMap<string, PlannedHost>,
): (address: string, family: Family | null) => Endpoint {
  const byHost = Map.groupBy(ends, (end) => labels.get(endpointId(end))?.address);
  return (address, family) => {
    const own = byHost.get(address) ?? [];
    const fitting = own.find((end) => family !== null && hasFamily(end, family));
    const literal = isAddress(address) ? address : null;
    return fitting ?? own[0] ?? { address: literal, name: address };
  };
}

function isAddress(text: string): boolean {
  return text.includes(':') || /^[\d.]+$/.test(text);
}

function hasFamily({ address }: Endpoint, family: Family): boolean {
  return address !== null && familyOf(address) === family;
}

function plannedCell(
  { source, destination, family }: PlannedTest,
  { cells }: MeshAnalysis,
  endOf: (address: string, family: Family | null) => Endpoint,
): MatrixCell {
  const isSix = [source, destination].some((address) => familyOf(address) === 6);
  const usual = cells.length > 0 && cells.every((cell) => cell.family === 6) ? 6 : 4;
  return untestedCell(
    endOf(source, family),
    endOf(destination, family),
    family ?? (isSix ? 6 : usual),
    'The psConfig template defines this test; no archive has a result for it yet.',
  );
}
