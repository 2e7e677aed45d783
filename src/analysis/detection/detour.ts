import type { NodeTable } from './nodes.ts';
import { destinationNode } from './nodes.ts';
import { createRegime, isOdd, learn, type Regime, usualEnd } from './regime.ts';
import { forgetRegimes } from './routeMachine.ts';
import type { Sighting } from './sighting.ts';
import type { RouteState } from './state.ts';

/** A regime younger than this is still discovering its load balancing. */
const youngTraces = 40;

/**
 * The route came back before a change was certain. A local deviation where load balancing is known, or in a young regime,
 * or seen once before, is load balancing and is learned; anything else is remembered as a route that exists.
 */
export function settleDetour(state: RouteState, current: Regime, table: NodeTable): void {
  const unlike: Sighting[] = [];
  for (const { sighting, regime } of state.deviations) {
    const again = regime !== null;
    if (isLocal(sighting, current, table, again) && (again || expectsMore(sighting, current))) {
      current.rare++;
      learn(current, sighting);
    } else if (regime === null) unlike.push(sighting);
    else learn(state.regimes.find((candidate) => candidate.id === regime) ?? current, sighting);
  }
  const first = unlike[0];
  if (first === undefined) return;
  const shadow = createRegime(state.nextRegime++, first.at);
  for (const sighting of unlike) learn(shadow, sighting);
  state.regimes.splice(1, 0, shadow);
  forgetRegimes(state);
}

/**
 * At most 4 neighbouring ttls differ, in an AS that the regime knows, and the route is as long as before unless
 * `anyLength`; where names tell of a new site it is also as slow as before.
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
    if (!knows(regime, 'asn', node, table)) return false;
    if (!knows(regime, 'site', node, table) && !usualRtt(regime, rttMs)) return false;
  }
  if (last - first > 3) return false;
  const usual = usualEnd(regime);
  return anyLength || destinationTtl === null || usual === null || Math.abs(destinationTtl - usual) <= 1;
}

function usualRtt(regime: Regime, rttMs: number | null): boolean {
  if (rttMs === null || regime.reachedRtts.length < 3) return true;
  const known = regime.reachedRtts.map((each) => each.ms);
  return rttMs <= Math.max(...known) * 1.05 + 2;
}

function knows(regime: Regime, key: 'asn' | 'site', node: number, table: NodeTable): boolean {
  const value = table.list[node]?.[key] ?? null;
  if (value === null) return true;
  for (const id in regime.seen) {
    const other = Number(id);
    if (table.list[other]?.[key] === value && !isOdd(regime, other)) return true;
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
