import { destinationNode, type NodeTable } from './nodes.ts';
import { hasNewDoor, type Regime } from './regime.ts';
import type { Sighting } from './sighting.ts';
import type { Turn } from './state.ts';

/** Evidence in nats that the traffic enters a router from somewhere else. */
const turnedEvidence = 8.5;
/** The hop in front must have answered in at least this share of the traces, and stand so near. */
const leastShare = 0.2;
const reach = 3;
/** A regime that knows less can not tell what is missing. */
const ripeTraces = 40;
const keptSightings = 12;

/**
 * A known router answers from an address it never used, so that the traffic enters it over another link. That may be a
 * renumbered interface; but when the hop in front has fallen silent at the same moment, another, silent router has taken its
 * place. `after`: start of the last trace of the old route. Opens a watch on the first such hop of a trace; null when there is none.
 */
export function watchTurn(
  sighting: Sighting,
  table: NodeTable,
  regime: Regime,
  after: number | null,
): Turn | null {
  if (regime.traces < ripeTraces) return null;
  const { nodes, doors } = sighting;
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index] as number;
    if (!hasNewDoor(regime, node, doors[index] as number)) continue;
    if (node === destinationNode || table.list[node]?.router === null) continue;
    const ttl = sighting.ttls[index] as number;
    const before = hopBefore(regime, ttl);
    if (before !== null && !sighting.ttls.includes(before)) {
      return { node, ttl, before, after, evidence: 0, sightings: [] };
    }
  }
  return null;
}

function hopBefore(regime: Regime, ttl: number): number | null {
  for (let at = ttl - 1; at > 0 && ttl - at <= reach; at--) {
    const position = regime.positions[at];
    if (position && position.answered >= leastShare * regime.traces) return at;
  }
  return null;
}

/** Takes in the next trace. Returns whether the watch is over: the hop in front answered, or it is certainly gone. */
export function followTurn(
  turn: Turn,
  sighting: Sighting,
  regime: Regime,
): 'open' | 'renumbered' | 'turned' {
  if (sighting.ttls.includes(turn.before)) return 'renumbered';
  const index = sighting.nodes.indexOf(turn.node);
  if (index < 0 || sighting.ttls[index] !== turn.ttl) return 'open';
  const answered = regime.positions[turn.before]?.answered ?? 0;
  turn.evidence -= Math.log(1 - Math.min(0.98, answered / regime.traces));
  if (turn.sightings.length < keptSightings) turn.sightings.push(sighting);
  return turn.evidence >= turnedEvidence ? 'turned' : 'open';
}

/** The regime as it is without the hop that is gone. */
export function withoutHop(regime: Regime, ttl: number, id: number): Regime {
  const copy: Regime = { ...structuredClone(regime), id, held: 0 };
  for (const node of Object.keys(copy.positions[ttl]?.nodes ?? {})) delete copy.seen[Number(node)];
  copy.positions[ttl] = null;
  return copy;
}
