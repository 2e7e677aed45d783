import { answers, circles, destinationSilence, isWhole, runEvidence } from './reachEvidence.ts';
import type { Regime } from './regime.ts';
import type { Sighting } from './sighting.ts';
import type { ReachState } from './state.ts';
import { depthReached, expectedOf, silenceBehind } from './tail.ts';

/** What the reach machine reports. `lastTtl`: where the failing traces end. */
export interface ReachEvent {
  readonly kind: 'unreachable' | 'flap' | 'recovered' | 'accepted';
  readonly after: number | null;
  readonly by: number;
}

const alarmEvidence = 10.5;
/** Ends of short traces kept of a run. */
const keptEnds = 24;
/** An outage of this many traces is told even when the path had been flapping. */
const lastingTraces = 18;
const memoryTraces = 160;
/** Silence of less than this is nothing: a coin fell twice on the same side. */
const noticeable = 1.4;
const repeatWindow = 24;
/** Silence that has become normal. */
const normalTraces = 48;

/** A machine that has seen nothing. */
export function createReachState(): ReachState {
  return {
    reached: 0,
    errors: 0,
    seen: 0,
    hits: 0,
    traces: 0,
    missed: 0,
    ends: [],
    told: 0,
    firstMissAt: null,
    lastHitAt: null,
    unreachable: false,
    muted: false,
    partial: false,
    good: 0,
    sinceOutage: null,
    outage: 0,
  };
}

/** Whether the trace got as far as traces of this regime get: to the destination, or to what stands for it. */
export function arrives(sighting: Sighting, state: ReachState, regime: Regime): boolean {
  if (sighting.reached) return true;
  if (answers(state)) return false;
  if (sighting.loop || saysUnreachable(sighting, state)) return false;
  return silenceBehind(depthReached(sighting, regime), expectedOf(regime), true) < noticeable;
}

/**
 * The very trace that was to tell of an outage tells of a route that ends at a new device. Where the destination never answers
 * that is no outage, the new route is merely seen to another end. Returns whether that is so.
 */
export function takeForReroute(state: ReachState): boolean {
  if (answers(state)) return false;
  state.unreachable = false;
  state.missed = 0;
  state.ends = [];
  state.told = 0;
  state.firstMissAt = null;
  return true;
}

/** An ICMP error where there usually is none: a router says that it has no way on. */
function saysUnreachable(sighting: Sighting, state: ReachState): boolean {
  return sighting.error !== null && state.errors < 0.1 * state.seen;
}

/** Takes in one usable trace. `loss`: share of misses in the last hours, 0 where it is nothing unusual. */
export function stepReach(
  state: ReachState,
  sighting: Sighting,
  arrived: boolean,
  regime: Regime,
  loss: number,
): ReachEvent[] {
  if (state.sinceOutage !== null) state.sinceOutage++;
  if (!state.unreachable) countReached(state, sighting);
  return arrived ? hit(state, sighting) : miss(state, sighting, regime, loss);
}

function hit(state: ReachState, sighting: Sighting): ReachEvent[] {
  state.good++;
  if (!state.unreachable) {
    count(state, state.missed, 0);
    count(state, 1, 1);
  }
  state.missed = 0;
  state.ends = [];
  state.told = 0;
  state.firstMissAt = null;
  state.lastHitAt = sighting.at;
  if (state.unreachable && state.good >= 2) {
    state.unreachable = false;
    state.sinceOutage = 0;
    if (state.muted) return [];
    return [{ kind: 'recovered', after: null, by: sighting.at }];
  }
  if (state.partial && sighting.reached && state.good >= 2) {
    state.partial = false;
    return [{ kind: 'recovered', after: null, by: sighting.at }];
  }
  if (state.muted && (state.sinceOutage ?? 0) > repeatWindow) {
    state.muted = false;
    return [{ kind: 'recovered', after: null, by: sighting.at }];
  }
  return [];
}

function miss(state: ReachState, sighting: Sighting, regime: Regime, loss: number): ReachEvent[] {
  state.good = 0;
  state.missed++;
  state.firstMissAt ??= sighting.at;
  if (state.unreachable) {
    return lasting(state, sighting);
  }
  if (state.traces < 6) {
    count(state, 1, 0);
    return [];
  }
  if (isWhole(sighting, regime) && state.ends.length < keptEnds) {
    const odds = answers(state) ? destinationSilence(state, loss) : 0;
    state.ends.push({ depth: depthReached(sighting, regime), odds });
  }
  if (saysUnreachable(sighting, state) || (state.hits > 0 && circles(sighting))) state.told++;
  if (runEvidence(state, regime, loss) < alarmEvidence) return [];
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

function lasting(state: ReachState, sighting: Sighting): ReachEvent[] {
  state.outage++;
  const event = { after: state.lastHitAt, by: state.firstMissAt ?? sighting.at };
  if (state.muted && state.outage === lastingTraces) {
    state.muted = false;
    return [{ kind: 'unreachable', ...event }];
  }
  if (state.outage < normalTraces) return [];
  Object.assign(state, { ...createReachState(), partial: state.partial || answers(state) });
  return [{ kind: 'accepted', ...event }];
}

function countReached(state: ReachState, sighting: Sighting): void {
  state.seen++;
  if (sighting.reached) state.reached++;
  if (sighting.error !== null) state.errors++;
  if (state.seen <= memoryTraces) return;
  state.seen /= 2;
  state.reached /= 2;
  state.errors /= 2;
}

function count(state: ReachState, traces: number, hits: number): void {
  state.traces += traces;
  state.hits += hits;
  if (state.traces > memoryTraces) {
    state.traces /= 2;
    state.hits /= 2;
  }
}
