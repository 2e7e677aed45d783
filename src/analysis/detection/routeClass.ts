import { siteOf } from './identity.ts';
import { destinationNode, type Node, type NodeTable } from './nodes.ts';
import { feltAt, median } from './rank.ts';
import { isOdd, presence, type Regime } from './regime.ts';
import { usualEnd } from './regimeHabits.ts';
import type { Sighting } from './sighting.ts';

/** What tells two regimes apart. Node ids. */
export interface RouteDifference {
  readonly level: 'inter_as' | 'intra_as' | 'same_site';
  /** Regular devices of the old regime that none of the deviating traces shows. */
  readonly removed: readonly number[];
  /** The same without the certainty: devices of a good share of the old traces that are not seen. */
  readonly lost: readonly number[];
  /** Devices of the deviating traces that are no regular part of the old regime. */
  readonly added: readonly number[];
}

/** A regular device is gone when it would have been seen with this certainty in the deviating traces. */
const certainty = 0.95;
/** Share of the old traces from which on a device that is not seen may be a part of what happened. */
const partShare = 0.3;
/** A change within one site takes away no more devices than these. */
const siteDevices = 2;
/** Newest times of the old route that make its level. */
const levelSamples = 12;

/** Compares an old regime with the traces that left it. */
export function difference(
  old: Regime,
  sightings: readonly Sighting[],
  table: NodeTable,
): RouteDifference {
  const present = new Set(sightings.flatMap((sighting) => sighting.nodes));
  present.delete(destinationNode);
  const lost = absent(old, present);
  const removed = lost.filter(
    (node) => (1 - Math.min(1, presence(old, node))) ** sightings.length < 1 - certainty,
  );
  const added = [...present].filter((node) => isOdd(old, node));
  const level = levelOf(old, removed, added, present, table);
  const elsewhere = level === 'same_site' && !isAlike(old, removed, sightings);
  return { level: elsewhere ? 'intra_as' : level, removed, lost, added };
}

/** As long and as slow as before, and no more than one device's worth of hops is gone: nobody went another way round. */
function isAlike(old: Regime, removed: readonly number[], sightings: readonly Sighting[]): boolean {
  if (removed.length > siteDevices) return false;
  const usual = usualEnd(old);
  const end = median(sightings.flatMap(({ destinationTtl }) => destinationTtl ?? []));
  if (usual !== null && end !== null && Math.abs(end - usual) > 1) return false;
  const before = median(old.reachedRtts.slice(-levelSamples).map(({ ms }) => ms));
  const after = median(sightings.flatMap(({ rttMs }) => rttMs ?? []));
  return before === null || after === null || Math.abs(after - before) <= feltAt(before);
}

function absent(old: Regime, present: ReadonlySet<number>): number[] {
  const lost: number[] = [];
  for (const key in old.seen) {
    const node = Number(key);
    if (node === destinationNode || present.has(node)) continue;
    if (presence(old, node) >= partShare) lost.push(node);
  }
  return lost;
}

function levelOf(
  old: Regime,
  removed: readonly number[],
  added: readonly number[],
  present: ReadonlySet<number>,
  table: NodeTable,
): RouteDifference['level'] {
  const before = Object.keys(old.seen)
    .map(Number)
    .filter((node) => !isOdd(old, node));
  const asBefore = valuesOf(before, asnOf, table);
  const asAfter = valuesOf(present, asnOf, table);
  if ([...valuesOf(added, asnOf, table)].some((asn) => !asBefore.has(asn))) return 'inter_as';
  if ([...valuesOf(removed, asnOf, table)].some((asn) => !asAfter.has(asn))) return 'inter_as';
  if (added.length > 0) {
    const sites = valuesOf(before, siteOf, table);
    return added.every((node) => hasSite(node, sites, table)) ? 'same_site' : 'intra_as';
  }
  const sites = valuesOf(present, siteOf, table);
  return removed.length > 0 && removed.every((node) => hasSite(node, sites, table))
    ? 'same_site'
    : 'intra_as';
}

function hasSite(node: number, sites: ReadonlySet<string | number>, table: NodeTable): boolean {
  const known = table.list[node];
  const site = known ? siteOf(known) : null;
  return site !== null && sites.has(site);
}

function asnOf({ asn }: Node): number | null {
  return asn;
}

function valuesOf(
  nodes: Iterable<number>,
  toldBy: (node: Node) => string | number | null,
  table: NodeTable,
): Set<string | number> {
  const values = new Set<string | number>();
  for (const node of nodes) {
    const known = table.list[node];
    const value = known ? toldBy(known) : null;
    if (value !== null) values.add(value);
  }
  return values;
}
