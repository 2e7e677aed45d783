import { usualNode } from './alias.ts';
import { destinationNode, type NodeTable } from './nodes.ts';
import { isOdd, type Position, presence, type Regime } from './regime.ts';
import type { Sighting } from './sighting.ts';

/** Samples of the old route that a verdict looks at. */
const beforeSamples = 12;
/** Samples that make a level. */
export const leastLevel = 3;
/** A device that answers in less of the old traces marks no place on the route. */
const placeShare = 0.3;

/** Two samples of times, taken to the same place. */
export interface Samples {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly measuredAt: string | null;
}

/** Times of an old route and of the traces that took the new one which can be compared; null when there are none. */
export function comparableTimes(
  from: Regime,
  sightings: readonly Sighting[],
  table: NodeTable,
): Samples | null {
  return (
    toDestination(from, sightings) ??
    toShared(from, sightings, table) ??
    toEnds(from, sightings, table)
  );
}

function toDestination(from: Regime, sightings: readonly Sighting[]): Samples | null {
  const before = from.reachedRtts.slice(-beforeSamples).map((sample) => sample.ms);
  const after = sightings.flatMap((sighting) => sighting.rttMs ?? []);
  return before.length > 0 && after.length > 0 ? { before, after, measuredAt: null } : null;
}

/** Where the destination is silent: the deepest device behind the change that both routes pass. */
function toShared(from: Regime, sightings: readonly Sighting[], table: NodeTable): Samples | null {
  const begin = changedFrom(from, sightings);
  let best: { node: number; ttl: number } | null = null;
  for (const { nodes, ttls } of sightings) {
    for (const [index, node] of nodes.entries()) {
      const ttl = ttls[index] as number;
      if (node === destinationNode || ttl < begin || ttl <= (best?.ttl ?? 0)) continue;
      if (presence(from, node) >= placeShare) best = { node, ttl };
    }
  }
  if (best === null) return null;
  const { node } = best;
  const position = usualPosition(from, node);
  if (position === null || position.rttsMs.length < leastLevel) return null;
  const after = sightings.flatMap((sighting) => timesTo(sighting, node));
  if (after.length === 0) return null;
  return {
    before: inOrder(position),
    after,
    measuredAt: table.list[node]?.addresses[0] ?? null,
  };
}

/** The first ttl at which the new route differs from what the old one showed there. */
function changedFrom(from: Regime, sightings: readonly Sighting[]): number {
  let first = Number.POSITIVE_INFINITY;
  for (const { nodes, ttls } of sightings) {
    for (const [index, node] of nodes.entries()) {
      const ttl = ttls[index] as number;
      if (node !== destinationNode && isNewAt(from, ttl, node)) first = Math.min(first, ttl);
    }
  }
  return first;
}

function isNewAt(from: Regime, ttl: number, node: number): boolean {
  return isOdd(from, node) || from.positions[ttl]?.nodes[node] === undefined;
}

function usualPosition(regime: Regime, node: number): Position | null {
  let best: Position | null = null;
  for (const position of regime.positions) {
    if (position && (position.nodes[node] ?? 0) > (best?.nodes[node] ?? 0)) best = position;
  }
  return best;
}

/** The times of a position, oldest first. */
function inOrder({ rttsMs, cursor }: Position): number[] {
  return cursor < rttsMs.length
    ? [...rttsMs.slice(cursor), ...rttsMs.slice(0, cursor)]
    : [...rttsMs];
}

function timesTo(sighting: Sighting, node: number): number[] {
  const times = sighting.nodes.flatMap((other, index) =>
    other === node ? (sighting.rttsMs[index] ?? []) : [],
  );
  return times.length > 0 ? [Math.min(...times)] : [];
}

/** Where the routes share nothing behind the change either: their last devices, when these are in one AS. */
function toEnds(from: Regime, sightings: readonly Sighting[], table: NodeTable): Samples | null {
  const end = from.positions.findLast(
    (position) => position !== null && position.answered >= placeShare * from.traces,
  );
  const before = usualNode(end);
  if (!end || before === null || end.rttsMs.length < leastLevel) return null;
  const asn = table.list[before]?.asn ?? null;
  const last = sightings.filter(
    ({ nodes }) => asn !== null && table.list[nodes.at(-1) ?? -1]?.asn === asn,
  );
  const after = last.flatMap((sighting) => sighting.rttsMs.at(-1) ?? []);
  if (after.length === 0) return null;
  const measuredAt = table.list[last[0]?.nodes.at(-1) ?? -1]?.addresses[0] ?? null;
  return { before: inOrder(end), after, measuredAt };
}
