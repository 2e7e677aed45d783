import { destinationNode } from './nodes.ts';
import type { Position, Regime } from './regime.ts';
import type { Sighting } from './sighting.ts';
import type { ReachState } from './state.ts';
import { outageEvidence, traceLimit } from './tail.ts';

/** A routing loop shows itself over so many ttls, in which each of its devices answers so often on average. */
const circleTtls = 10;
const circleTurns = 2.5;

/** Whether the destination answers at all. */
export function answers(state: ReachState): boolean {
  return state.reached > 0 && state.reached >= 0.2 * state.seen;
}

/** Evidence of the open run, nats. */
export function runEvidence(state: ReachState, regime: Regime, loss: number): number {
  const told = state.told * traceLimit;
  return state.ends.length === 0
    ? told
    : Math.max(told, outageEvidence(state.ends, regime, !answers(state), loss));
}

/**
 * Odds of one more silent destination against the chance that it is silent anyway, nats: the predictive probability from
 * all hits and misses, those of the open run included, or the loss of the last hours where that is higher.
 */
export function destinationSilence(state: ReachState, loss: number): number {
  const misses = state.traces - state.hits + state.missed - 0.5;
  const chance = Math.max(loss, misses / (state.traces + state.missed + 0.5));
  return Math.max(0, Math.min(4.8, Math.log(0.97 / chance)));
}

/** Nearly all reliable hops in front of the last answer answered, so that the silence behind it means something. */
export function isWhole(sighting: Sighting, regime: Regime): boolean {
  let reliable = 0;
  let answered = 0;
  for (let ttl = 1; ttl < Math.min(regime.positions.length, sighting.lastTtl + 1); ttl++) {
    const position = regime.positions[ttl];
    if (!position || position.answered - ofDestination(position) < 0.9 * regime.traces) continue;
    reliable++;
    if (sighting.ttls.includes(ttl)) answered++;
  }
  return answered >= 0.85 * reliable;
}

function ofDestination(position: Position): number {
  return position.nodes[destinationNode] ?? 0;
}

/** The same few devices answer again and again, up to the last ttl that was asked: the packets go round in circles. */
export function circles({ nodes, ttls, lastTtl }: Sighting): boolean {
  const tail = nodes.filter((_, index) => (ttls[index] as number) > lastTtl - circleTtls);
  const devices = new Set(tail).size;
  return tail.length >= circleTurns * devices && lastTtl >= 2 * circleTtls;
}
