import type { NodeTable } from './nodes.ts';
import { destinationNode } from './nodes.ts';
import { createRegime, learn, type Regime, usualEnd } from './regime.ts';
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
    if (isLocal(sighting, current, table) && (regime !== null || expectsMore(sighting, current))) {
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

/** At most 4 neighbouring ttls differ, in an AS that the regime knows, and the route is as long as before. */
function isLocal(sighting: Sighting, regime: Regime, table: NodeTable): boolean {
  const { nodes, ttls, destinationTtl } = sighting;
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as number;
    if (node === destinationNode || regime.seen[node] !== undefined) continue;
    first = Math.min(first, ttls[i] as number);
    last = Math.max(last, ttls[i] as number);
    const asn = table.list[node]?.asn ?? null;
    if (asn !== null && !knowsAs(regime, asn, table)) return false;
  }
  if (last - first > 3) return false;
  const usual = usualEnd(regime);
  return destinationTtl === null || usual === null || Math.abs(destinationTtl - usual) <= 1;
}

function knowsAs(regime: Regime, asn: number, table: NodeTable): boolean {
  for (const key in regime.seen) if (table.list[Number(key)]?.asn === asn) return true;
  return false;
}

/** The regime is young, or balances load at one of the ttls that differ. */
function expectsMore(sighting: Sighting, regime: Regime): boolean {
  if (regime.traces < youngTraces) return true;
  return sighting.nodes.some((node, index) => {
    if (regime.seen[node] !== undefined) return false;
    const position = regime.positions[sighting.ttls[index] as number];
    return position ? Object.keys(position.nodes).length >= 2 : false;
  });
}
