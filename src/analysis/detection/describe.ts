import type { AlignedHop, Change, Evidence } from '../../model/change.ts';
import { align, type HopSet } from './alignment.ts';
import { destinationNode, type NodeTable } from './nodes.ts';
import { isOdd, type Regime } from './regime.ts';
import type { Sighting } from './sighting.ts';
import { linkOf } from './subnet.ts';

/** Name of a node for comparing tests: its router, or else its first address. Local addresses have none. */
function elementOf(table: NodeTable, node: number): string | null {
  const known = table.list[node];
  if (!known || known.local || node === destinationNode) return null;
  return known.router ?? known.addresses[0] ?? null;
}

/** Names of several nodes, each once. */
function elementsOf(table: NodeTable, nodes: readonly number[]): string[] {
  return [...new Set(nodes.flatMap((node) => elementOf(table, node) ?? []))];
}

/** What left and what came, for comparing tests; the edge is told by the alignment. */
export function evidenceOf(
  table: NodeTable,
  lost: readonly number[],
  added: readonly number[],
): Evidence {
  const systems = [...lost, ...added].flatMap((node) => table.list[node]?.asn ?? []);
  return {
    left: elementsOf(table, lost),
    came: elementsOf(table, added),
    leftLinks: linksOf(table, lost),
    systems: [...new Set(systems)],
    edge: null,
  };
}

/** Link subnets of several nodes: /30 of IPv4, /64 of IPv6; both ends of a link lie in one. */
function linksOf(table: NodeTable, nodes: readonly number[]): string[] {
  const links = new Set<string>();
  for (const id of nodes) {
    const node = table.list[id];
    if (!node || node.local || id === destinationNode) continue;
    for (const address of node.addresses.slice(0, 4)) links.add(linkOf(address));
  }
  return [...links];
}

/** A regime as a list of hops: at every ttl the devices that are a regular part of it, by address. */
export function hopsOf(regime: Regime, table: NodeTable): HopSet[] {
  const hops: HopSet[] = [];
  for (let ttl = 1; ttl < regime.positions.length; ttl++) {
    const position = regime.positions[ttl];
    hops.push(position ? membersOf(position.nodes, position.answered, regime, table) : []);
  }
  return trimmed(hops);
}

function membersOf(
  nodes: Readonly<Record<number, number>>,
  answered: number,
  regime: Regime,
  table: NodeTable,
): string[] {
  return Object.keys(nodes)
    .map(Number)
    .filter((node) => (nodes[node] as number) >= 0.15 * answered && !isOdd(regime, node))
    .sort((a, b) => (nodes[b] as number) - (nodes[a] as number))
    .flatMap((node) => table.list[node]?.addresses[0] ?? []);
}

/** Several traces as one list of hops. */
export function hopsSeen(sightings: readonly Sighting[], table: NodeTable): HopSet[] {
  const hops: string[][] = [];
  for (const { ttls, nodes } of sightings) {
    for (const [index, ttl] of ttls.entries()) {
      while (hops.length < ttl) hops.push([]);
      const address = table.list[nodes[index] as number]?.addresses[0];
      const hop = hops[ttl - 1] as string[];
      if (address !== undefined && !hop.includes(address)) hop.push(address);
    }
  }
  return trimmed(hops);
}

function trimmed(hops: HopSet[]): HopSet[] {
  while (hops.length > 0 && hops.at(-1)?.length === 0) hops.pop();
  return hops;
}

/** AS numbers along a list of hops, equal neighbours merged and unknown ones left out. */
export function asPathOf(hops: readonly HopSet[], table: NodeTable): number[] {
  const path: number[] = [];
  for (const hop of hops) {
    const node = table.byAddress.get(hop[0] ?? '');
    const asn = node === undefined ? null : (table.list[node]?.asn ?? null);
    if (asn !== null && path.at(-1) !== asn) path.push(asn);
  }
  return path;
}

/** The lines of a comparison, the edge at which the old route is left, and the devices on both sides of the difference. */
export function compareRoutes(
  before: readonly HopSet[],
  after: readonly HopSet[],
  table: NodeTable,
): { route: Change['route']; edge: Evidence['edge']; around: readonly string[] } {
  const route = align(before, after);
  const around = aroundOf(route, table);
  const first = route.findIndex((hop) => hop.mark === 'removed' || hop.mark === 'replaced');
  const last = route.slice(0, first).findLast((hop) => hop.mark === 'same');
  if (first < 0 || last === undefined) return { route, edge: null, around };
  const from = nameOf(last.after[0], table);
  const to = nameOf(route[first]?.before[0], table);
  return { route, edge: from !== null && to !== null ? [from, to] : null, around };
}

/** The last device in front of the first difference and the first one behind the last; a silent hop more is one too. */
function aroundOf(route: Change['route'], table: NodeTable): string[] {
  const first = route.findIndex(isDifferent);
  if (first < 0) return [];
  const last = route.findLastIndex(isDifferent);
  const front = route.slice(0, first).findLast((hop) => hop.mark === 'same');
  const behind = route.slice(last + 1).find((hop) => hop.mark === 'same');
  return [front, behind].flatMap((hop) => nameOf(hop?.after[0], table) ?? []);
}

function isDifferent({ mark, ttls }: AlignedHop): boolean {
  return mark === 'silent' ? ttls?.includes(null) === true : mark !== 'same';
}

function nameOf(address: string | undefined, table: NodeTable): string | null {
  const node = address === undefined ? undefined : table.byAddress.get(address);
  return node === undefined ? null : elementOf(table, node);
}
