import { aliasesAmong } from './alias.ts';
import { destinationNode, type NodeTable } from './nodes.ts';
import { isOdd, type Position, presence, type Regime } from './regime.ts';
import { usualEnd } from './regimeHabits.ts';
import type { Sighting } from './sighting.ts';

/** How well a trace fits a regime. */
export interface Comparison {
  /** Surprise in nats, 0 to `maximumEvidence`; below `explainedBelow` the regime explains the trace. */
  readonly evidence: number;
  /** Indices into the sighting of answers by devices that the regime does not know, aliases left out. */
  readonly novel: readonly number[];
  /** Indices of answers that are another address of the usual device of that place. */
  readonly aliases: readonly number[];
  /** The end of the route stands at a ttl where it never stood. */
  readonly moved: boolean;
}

/** No single trace counts for more than this. */
const maximumEvidence = 5;
/** A trace with less evidence against a regime is explained by it: a one in ten event. */
export const explainedBelow = 2.3;

const nothing: Comparison = { evidence: 0, novel: [], aliases: [], moved: false };

/**
 * Compares a trace with a regime. Silent hops count for nothing. A device that is new at any ttl surprises by how seldom
 * new ones turned up. While a regime is young, what its parent, the
 * regime it took over from, balances its load over is not new either.
 */
export function compare(
  sighting: Sighting,
  regime: Regime,
  table: NodeTable,
  parent: Regime | null = null,
): Comparison {
  const { nodes, ttls } = sighting;
  let unknown: number[] | null = null;
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i] as number;
    if (node === destinationNode) continue;
    const seen = regime.seen[node];
    if (seen === undefined) {
      if (parent !== null && !isOdd(parent, node)) continue;
      if (unknown === null) unknown = [];
      unknown.push(i);
    }
  }
  const end = endSurprise(sighting, regime);
  if (unknown === null && end === 0) return nothing;
  const aliases =
    end === 0 && unknown !== null ? aliasesAmong(unknown, sighting, regime, table) : [];
  const novel = (unknown ?? []).filter((index) => !aliases.includes(index));
  let evidence = Math.max(end, aliases.length > 0 ? 1 : 0);
  for (const index of novel) {
    evidence = Math.max(evidence, surprise(regime.positions[ttls[index] as number]));
  }
  return { evidence: Math.min(maximumEvidence, evidence), novel, aliases, moved: end > 0 };
}

/** Good-Turing surprise of a node that was never seen at this position, nats. */
function surprise(position: Position | null | undefined): number {
  if (!position) return -Math.log(0.5);
  return unseen(position.once, position.answered);
}

function unseen(once: number, total: number): number {
  return -Math.log(Math.min(1, (once + 0.5) / (total + 1)));
}

/** Surprise of the ttl at which the route ends; for a silent destination that of its deepest regular device. */
function endSurprise(sighting: Sighting, regime: Regime): number {
  const ttl = sighting.destinationTtl;
  if (ttl !== null) {
    if (regime.ends === 0 || regime.endTtls[ttl] !== undefined) return 0;
    const s = unseen(regime.endOnce, regime.ends);
    return answeredLate(sighting, regime) ? Math.min(1, s) : s;
  }
  if (regime.ends > 0.2 * regime.traces || sighting.loop) return 0;
  return proxySurprise(sighting, regime);
}

/**
 * A destination that answers later than ever need not have moved: a rate limit drops the probe of its own ttl and answers
 * a later one. It has moved when something in front of it has moved too.
 */
function answeredLate(sighting: Sighting, regime: Regime): boolean {
  const ttl = sighting.destinationTtl as number;
  if (ttl < (usualEnd(regime) ?? ttl)) return false;
  const { ttls, nodes } = sighting;
  let last = -1;
  for (let i = 0; i < ttls.length; i++) if ((ttls[i] as number) < ttl) last = i;
  if (last < 0) return true;
  return regime.positions[ttls[last] as number]?.nodes[nodes[last] as number] !== undefined;
}

function proxySurprise(sighting: Sighting, regime: Regime): number {
  const { ttls, nodes } = sighting;
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i] as number;
    if (presence(regime, node) < 0.4) continue;
    if (regime.positions[ttls[i] as number]?.nodes[node] !== undefined) return 0;
    return unseen(0, (regime.seen[node] as number) - 1);
  }
  return 0;
}
