import type { NodeTable } from './nodes.ts';
import { destinationNode } from './nodes.ts';
import { presence, type Regime } from './regime.ts';
import type { Sighting } from './sighting.ts';
import type { ReachState } from './state.ts';

/** What the reach machine reports. `lastTtl`: where the failing traces end. */
export interface ReachEvent {
  readonly kind: 'unreachable' | 'flap' | 'recovered' | 'accepted';
  readonly after: number | null;
  readonly by: number;
}

const alarmEvidence = 10.5;
const repeatWindow = 24;
/** Silence that has become normal. */
const normalTraces = 48;

/** A machine that has seen nothing. */
export function createReachState(): ReachState {
  return {
    reached: 0,
    seen: 0,
    hits: 0,
    traces: 0,
    evidence: 0,
    missed: 0,
    lastTtl: 0,
    broken: 0,
    firstMissAt: null,
    lastHitAt: null,
    unreachable: false,
    muted: false,
    good: 0,
    sinceOutage: null,
    outage: 0,
  };
}

/** Whether the trace got as far as traces of this regime get: to the destination, or to what stands for it. */
export function arrives(sighting: Sighting, state: ReachState, regime: Regime): boolean {
  if (sighting.reached) return true;
  if (state.reached >= 0.2 * state.seen && state.reached > 0) return false;
  if (sighting.loop) return false;
  const ends = deepest(regime);
  return ends.length === 0 || ends.some((node) => sighting.nodes.includes(node));
}

/** The two deepest devices that answer regularly: they stand for a destination that never answers. */
function deepest(regime: Regime): number[] {
  const ends: number[] = [];
  for (let ttl = regime.positions.length - 1; ttl > 0 && ends.length < 2; ttl--) {
    for (const key in regime.positions[ttl]?.nodes ?? {}) {
      const node = Number(key);
      if (node !== destinationNode && presence(regime, node) >= 0.45) ends.push(node);
    }
  }
  return ends;
}

/** Takes in one usable trace. */
export function stepReach(
  state: ReachState,
  sighting: Sighting,
  arrived: boolean,
  regime: Regime,
  _table: NodeTable,
): ReachEvent[] {
  if (state.sinceOutage !== null) state.sinceOutage++;
  if (!state.unreachable) countReached(state, sighting.reached);
  return arrived ? hit(state, sighting) : miss(state, sighting, regime);
}

function hit(state: ReachState, sighting: Sighting): ReachEvent[] {
  state.good++;
  if (!state.unreachable) {
    count(state, state.missed, 0);
    count(state, 1, 1);
  }
  state.missed = 0;
  state.lastTtl = 0;
  state.broken = 0;
  state.evidence = 0;
  state.firstMissAt = null;
  state.lastHitAt = sighting.at;
  if (state.unreachable && state.good >= 2) {
    state.unreachable = false;
    state.sinceOutage = 0;
    if (state.muted) return [];
    return [{ kind: 'recovered', after: null, by: sighting.at }];
  }
  if (state.muted && (state.sinceOutage ?? 0) > repeatWindow) {
    state.muted = false;
    return [{ kind: 'recovered', after: null, by: sighting.at }];
  }
  return [];
}

function miss(state: ReachState, sighting: Sighting, regime: Regime): ReachEvent[] {
  state.good = 0;
  state.missed++;
  state.firstMissAt ??= sighting.at;
  if (state.unreachable) {
    state.outage++;
    return state.outage === normalTraces ? [{ kind: 'accepted', after: null, by: sighting.at }] : [];
  }
  if (state.traces < 6) {
    count(state, 1, 0);
    return [];
  }
  const misses = state.traces - state.hits + state.missed - 0.5;
  const chance = misses / (state.traces + state.missed + 0.5);
  state.evidence += Math.max(0, Math.min(4.8, Math.log(0.97 / chance)));
  state.lastTtl = Math.max(state.lastTtl, sighting.lastTtl);
  state.broken += isWhole(sighting, regime) ? 0 : 1;
  const tail = (state.missed - state.broken) * missingTail(state.lastTtl, regime);
  if (state.evidence + tail < alarmEvidence) return [];
  state.unreachable = true;
  state.outage = state.missed;
  const event = { after: state.lastHitAt, by: state.firstMissAt };
  if (state.muted) return [];
  if (state.sinceOutage !== null && state.sinceOutage <= repeatWindow) {
    state.muted = true;
    return [{ kind: 'flap', ...event }];
  }
  return [{ kind: 'unreachable', ...event }];
}

/** Reliable hops behind the deepest answer of all failing traces, at most 2; the destination is counted elsewhere. */
function missingTail(lastTtl: number, regime: Regime): number {
  let behind = 0;
  for (let ttl = lastTtl + 1; ttl < regime.positions.length; ttl++) {
    const position = regime.positions[ttl];
    if (!position || position.answered < 0.9 * regime.traces) continue;
    if ((position.nodes[destinationNode] ?? 0) < 0.5 * position.answered) behind++;
  }
  return Math.min(2, behind);
}

/** Nearly all reliable hops in front of the last answer answered, so that the silence behind it means something. */
function isWhole(sighting: Sighting, regime: Regime): boolean {
  let reliable = 0;
  let answered = 0;
  for (let ttl = 1; ttl < Math.min(regime.positions.length, sighting.lastTtl + 1); ttl++) {
    const position = regime.positions[ttl];
    if (!position || position.answered < 0.9 * regime.traces) continue;
    reliable++;
    if (sighting.ttls.includes(ttl)) answered++;
  }
  return answered >= 0.85 * reliable;
}

function countReached(state: ReachState, reached: boolean): void {
  state.seen++;
  if (reached) state.reached++;
  if (state.seen <= 160) return;
  state.seen /= 2;
  state.reached /= 2;
}

function count(state: ReachState, traces: number, hits: number): void {
  state.traces += traces;
  state.hits += hits;
  if (state.traces > 160) {
    state.traces /= 2;
    state.hits /= 2;
  }
}
