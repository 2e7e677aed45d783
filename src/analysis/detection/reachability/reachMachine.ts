import type { ReachState } from '../detectionState.ts';
import type { Observation } from '../observation.ts';
import type { Baseline } from '../route/baseline.ts';
import {
  destinationAnswers,
  destinationSilence,
  isComplete,
  isRoutingLoop,
  runEvidence,
} from './reachEvidence.ts';
import { depthReached, expectedDevices, silenceBehind } from './silenceEvidence.ts';

/** What the reach machine reports. `lastTtl`: where the failing traces end. */
export interface ReachEvent {
  readonly kind: 'unreachable' | 'flap' | 'recovered' | 'accepted';
  readonly after: number | null;
  readonly by: number;
}

const alarmEvidence = 10.5;
/** Ends of short traces kept of a run. */
const maxEnds = 24;
/** An outage of this many traces is told even when the path had been flapping. */
const lastingTraces = 18;
const memoryTraces = 160;
/** Silence of less than this is nothing: a coin fell twice on the same side. */
const noticeableSurprise = 1.4;
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
    reportedMisses: 0,
    firstMissAt: null,
    lastHitAt: null,
    unreachable: false,
    muted: false,
    silentDestination: false,
    hitsInRow: 0,
    sinceOutage: null,
    outage: 0,
  };
}

/** Whether the trace got as far as traces of this regime get: to the destination, or to what stands for it. */
export function hasArrived(
  observation: Observation,
  state: ReachState,
  baseline: Baseline,
): boolean {
  if (observation.reached) return true;
  if (destinationAnswers(state)) return false;
  if (observation.loop || reportsUnreachable(observation, state)) return false;
  return (
    silenceBehind(depthReached(observation, baseline), expectedDevices(baseline), true) <
    noticeableSurprise
  );
}

/**
 * The very trace that was to tell of an outage tells of a route that ends at a new device. Where the destination never answers
 * that is no outage, the new route is merely seen to another end. Returns whether that is so.
 */
export function dismissAsReroute(state: ReachState): boolean {
  if (destinationAnswers(state)) return false;
  state.unreachable = false;
  state.missed = 0;
  state.ends = [];
  state.reportedMisses = 0;
  state.firstMissAt = null;
  return true;
}

/** An ICMP error where there usually is none: a router says that it has no way on. */
function reportsUnreachable(observation: Observation, state: ReachState): boolean {
  return observation.error !== null && state.errors < 0.1 * state.seen;
}

/** Takes in one usable trace. `loss`: share of misses in the last hours, 0 where it is nothing unusual. */
export function stepReach(
  state: ReachState,
  observation: Observation,
  arrived: boolean,
  baseline: Baseline,
  loss: number,
): ReachEvent[] {
  if (state.sinceOutage !== null) state.sinceOutage++;
  if (!state.unreachable) countReached(state, observation);
  return arrived ? handleHit(state, observation) : handleMiss(state, observation, baseline, loss);
}

function handleHit(state: ReachState, observation: Observation): ReachEvent[] {
  state.hitsInRow++;
  if (!state.unreachable) {
    count(state, state.missed, 0);
    count(state, 1, 1);
  }
  state.missed = 0;
  state.ends = [];
  state.reportedMisses = 0;
  state.firstMissAt = null;
  state.lastHitAt = observation.at;
  if (state.unreachable && state.hitsInRow >= 2) {
    state.unreachable = false;
    state.sinceOutage = 0;
    if (state.muted) return [];
    return [{ kind: 'recovered', after: null, by: observation.at }];
  }
  if (state.silentDestination && observation.reached && state.hitsInRow >= 2) {
    state.silentDestination = false;
    return [{ kind: 'recovered', after: null, by: observation.at }];
  }
  if (state.muted && (state.sinceOutage ?? 0) > repeatWindow) {
    state.muted = false;
    return [{ kind: 'recovered', after: null, by: observation.at }];
  }
  return [];
}

function handleMiss(
  state: ReachState,
  observation: Observation,
  baseline: Baseline,
  loss: number,
): ReachEvent[] {
  state.hitsInRow = 0;
  state.missed++;
  state.firstMissAt ??= observation.at;
  if (state.unreachable) {
    return continueOutage(state, observation);
  }
  if (state.traces < 6) {
    count(state, 1, 0);
    return [];
  }
  if (isComplete(observation, baseline) && state.ends.length < maxEnds) {
    const odds = destinationAnswers(state) ? destinationSilence(state, loss) : 0;
    state.ends.push({ depth: depthReached(observation, baseline), odds });
  }
  if (reportsUnreachable(observation, state) || (state.hits > 0 && isRoutingLoop(observation)))
    state.reportedMisses++;
  if (runEvidence(state, baseline, loss) < alarmEvidence) return [];
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

function continueOutage(state: ReachState, observation: Observation): ReachEvent[] {
  state.outage++;
  const event = { after: state.lastHitAt, by: state.firstMissAt ?? observation.at };
  if (state.muted && state.outage === lastingTraces) {
    state.muted = false;
    return [{ kind: 'unreachable', ...event }];
  }
  if (state.outage < normalTraces) return [];
  Object.assign(state, {
    ...createReachState(),
    silentDestination: state.silentDestination || destinationAnswers(state),
  });
  return [{ kind: 'accepted', ...event }];
}

function countReached(state: ReachState, observation: Observation): void {
  state.seen++;
  if (observation.reached) state.reached++;
  if (observation.error !== null) state.errors++;
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
