import type { NodeTable } from './nodes.ts';
import { destinationNode } from './nodes.ts';
import { feltAt, median } from './rank.ts';
import { createRegime, isOdd, learn, type Regime } from './regime.ts';
import { usualEnd, usualRtt } from './regimeHabits.ts';
import { forgetRegimes } from './routeState.ts';
import type { Sighting } from './sighting.ts';
import type { RouteState } from './state.ts';

/** A regime younger than this is still discovering its load balancing. */
const youngTraces = 40;
/** Below this many even the times of its branches are not all known. */
const veryYoungTraces = 24;
/** Newest times of a route that make its level. */
const levelSamples = 12;

/**
 * The route came back before a change was certain. A local deviation where load balancing is known, or in a young regime,
 * or seen once before, is load balancing and is learned, and so is what goes on after it was told as a flap; anything else is remembered as a route that exists. Returns
 * whether one of the detours was faster or slower than the route, so that it was no load balancing.
 */
export function settleDetour(state: RouteState, current: Regime, table: NodeTable): boolean {
  const unlike: Sighting[] = [];
  let real = false;
  for (const { sighting, regime } of state.deviations) {
    const again = regime !== null;
    const habit = again && state.flaps > 0;
    const local = isLocal(sighting, current, table, again) && !(again && feels(sighting, current));
    if (habit || (local && (again || expectsMore(sighting, current)))) {
      learn(current, sighting);
      continue;
    }
    if (!usualRtt(current, sighting.rttMs)) real = true;
    if (regime === null) unlike.push(sighting);
    else learn(state.regimes.find((candidate) => candidate.id === regime) ?? current, sighting);
  }
  const first = unlike[0];
  if (first === undefined) return real;
  const shadow = createRegime(state.nextRegime++, first.at);
  for (const sighting of unlike) learn(shadow, sighting);
  state.regimes.splice(1, 0, shadow);
  forgetRegimes(state);
  return real;
}

/**
 * At most 4 neighbouring ttls differ, in an AS that the regime knows, and the route is as slow as before and, unless
 * `anyLength`, as long.
 */
function isLocal(
  sighting: Sighting,
  regime: Regime,
  table: NodeTable,
  anyLength: boolean,
): boolean {
  const { nodes, ttls, destinationTtl, rttMs } = sighting;
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as number;
    if (node === destinationNode || !isOdd(regime, node)) continue;
    first = Math.min(first, ttls[i] as number);
    last = Math.max(last, ttls[i] as number);
    if (!knows(regime, node, table)) return false;
  }
  if (last - first > 3) return false;
  if (regime.traces >= veryYoungTraces && !usualRtt(regime, rttMs)) return false;
  const usual = usualEnd(regime);
  return (
    anyLength || destinationTtl === null || usual === null || Math.abs(destinationTtl - usual) <= 1
  );
}

/** A route that is known to exist and clearly faster or slower is no branch of this one. */
function feels({ rttMs }: Sighting, { reachedRtts }: Regime): boolean {
  const level = median(reachedRtts.slice(-levelSamples).map(({ ms }) => ms));
  return rttMs !== null && level !== null && Math.abs(rttMs - level) > feltAt(level);
}

/** The AS of a node is one that the regime passes, or unknown. */
function knows(regime: Regime, node: number, table: NodeTable): boolean {
  const asn = table.list[node]?.asn ?? null;
  if (asn === null) return true;
  for (const id in regime.seen) {
    const other = Number(id);
    if (table.list[other]?.asn === asn && !isOdd(regime, other)) return true;
  }
  return false;
}

/** The regime is young, or balances load at one of the ttls that differ. */
function expectsMore(sighting: Sighting, regime: Regime): boolean {
  if (regime.traces < youngTraces) return true;
  return sighting.nodes.some((node, index) => {
    if (node === destinationNode || !isOdd(regime, node)) return false;
    const position = regime.positions[sighting.ttls[index] as number];
    return position ? Object.keys(position.nodes).length >= 2 : false;
  });
}
