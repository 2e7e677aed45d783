import { destinationNode } from './nodes.ts';
import { presence, type Regime } from './regime.ts';

/** Last ttl at which the regime's destination, or else any node answers. */
export function usualEnd(regime: Regime): number | null {
  let best: number | null = null;
  for (const key in regime.endTtls) {
    const ttl = Number(key);
    if (best === null || (regime.endTtls[ttl] ?? 0) > (regime.endTtls[best] ?? 0)) best = ttl;
  }
  return best;
}

/** Node ids of a regime that answer in at least `share` of its traces, the destination left out. */
export function fixedNodes(regime: Regime, share: number): number[] {
  const fixed: number[] = [];
  for (const key in regime.seen) {
    const node = Number(key);
    if (node !== destinationNode && presence(regime, node) >= share) fixed.push(node);
  }
  return fixed;
}

/** The time to the destination is one of this regime; true where there is none to compare. */
export function usualRtt(regime: Regime, rttMs: number | null): boolean {
  if (rttMs === null || regime.reachedRtts.length < 3) return true;
  const known = regime.reachedRtts
    .slice(-24)
    .map((each) => each.ms)
    .sort((a, b) => a - b);
  const least = known[0] as number;
  const most = known[Math.floor(0.9 * (known.length - 1))] as number;
  return rttMs >= 0.98 * least - 1 && rttMs <= 1.03 * most + 1;
}
