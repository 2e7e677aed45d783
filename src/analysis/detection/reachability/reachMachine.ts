import { hourSeconds } from '../../../model/values/time.ts';
import type { ReachState } from '../detectionState.ts';
import type { Observation } from '../observation.ts';
import type { Baseline } from '../route/baseline.ts';
import { usualLastTtl } from '../route/baselineStatistics.ts';
import {
  destinationAnswers,
  destinationSilence,
  isComplete,
  isRoutingLoop,
  runEvidence,
} from './reachEvidence.ts';
import { depthReached, expectedDevices, silenceBehind } from './silenceEvidence.ts';

/**
 * An event of the reach machine. Its span lasts from the last hit to the first miss, epoch seconds.
 */
export interface ReachEvent {
  readonly kind: 'unreachable' | 'flap' | 'recovered';
  readonly after: number | null;
  readonly by: number;
}

/** Evidence, nats, of an outage: two traces for a clean cut, three for a silent destination. */
const alarmEvidence = 9.5;
/** Ends of short traces that the state holds of one run. */
const maxEnds = 24;
/** At such intervals a second trace would come too late: one with an ICMP error is an outage. */
const slowIntervalSeconds = 3 * hourSeconds;
/** A shorter outage is not reported: routes converge. */
const leastOutageSeconds = 300;
/** An outage of this long is reported even when the test was flapping before. */
const lastingSeconds = 3 * hourSeconds;
/** Counts are halved beyond this many traces: about a day at 10 minutes. */
const memoryTraces = 160;
/** Traces that have to be known before a miss means anything. */
const learningTraces = 6;
/** An ICMP error is unusual where a smaller share of the traces ended in one. */
const usualErrorShare = 0.1;
/** Hits in a row that end an outage: one may be chance. */
const recoveryHits = 2;
/** Less surprise, nats, is chance: a coin that fell twice on the same side. */
const noticeableSurprise = 1.4;
/** An outage this soon after the last one is flapping. */
const repeatSeconds = 4 * hourSeconds;
/** So many hits in a row, and so long, end flapping. */
const calmHits = 9;
const calmSeconds = 2700;

/** The state before the first trace. */
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
    hitsInRow: 0,
    endedAt: null,
  };
}

/**
 * Whether the trace got as far as traces of this baseline get: to the destination or, where that
 * never answers, to the devices that mark the end.
 */
export function hasArrived(
  observation: Observation,
  state: ReachState,
  baseline: Baseline,
): boolean {
  if (observation.reached) return true;
  if (destinationAnswers(state)) return false;
  if (observation.loop || reportsUnreachable(observation, state)) return false;
  if (observation.lastTtl >= usualLastTtl(baseline)) return true;
  return (
    silenceBehind(depthReached(observation, baseline), expectedDevices(baseline), true) <
    noticeableSurprise
  );
}

/** Whether a router reports that it has no route, where there usually is no error. */
function reportsUnreachable(observation: Observation, state: ReachState): boolean {
  return observation.error !== null && state.errors < usualErrorShare * state.seen;
}

/**
 * Processes one usable trace. `loss`: share of misses in the last hours, 0 if it is usual. Returns
 * the events.
 */
export function stepReach(
  state: ReachState,
  observation: Observation,
  arrived: boolean,
  baseline: Baseline,
  loss: number,
): ReachEvent[] {
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
  if (state.unreachable && state.hitsInRow >= recoveryHits) {
    state.unreachable = false;
    state.endedAt = observation.at;
    if (state.muted) return [];
    return [{ kind: 'recovered', after: null, by: observation.at }];
  }
  const isCalm =
    state.hitsInRow >= calmHits && observation.at - (state.endedAt ?? 0) >= calmSeconds;
  if (state.muted && !state.unreachable && isCalm) {
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
  if (state.traces < learningTraces) {
    count(state, 1, 0);
    return [];
  }
  if (isComplete(observation, baseline) && state.ends.length < maxEnds) {
    const odds = destinationAnswers(state) ? destinationSilence(state, loss) : 0;
    state.ends.push({ depth: depthReached(observation, baseline), odds });
  }
  state.reportedMisses += reportsOf(state, observation);
  if (runEvidence(state, baseline, loss) < alarmEvidence) return [];
  if (!lastsLongEnough(state, observation)) return [];
  state.unreachable = true;
  const event = { after: state.lastHitAt, by: state.firstMissAt };
  if (state.muted) return [];
  if (state.endedAt !== null && state.firstMissAt - state.endedAt <= repeatSeconds) {
    state.muted = true;
    return [{ kind: 'flap', ...event }];
  }
  return [{ kind: 'unreachable', ...event }];
}

/** How many misses a trace counts for that a router answered with an error, or that circled. */
function reportsOf(state: ReachState, observation: Observation): number {
  const isReported =
    reportsUnreachable(observation, state) || (state.hits > 0 && isRoutingLoop(observation));
  if (!isReported) return 0;
  return isSlowTest(state, observation) ? 2 : 1;
}

/** Whether a test is so slow that one report of a router has to do. */
function isSlowTest({ lastHitAt, missed }: ReachState, { at }: Observation): boolean {
  return missed === 1 && at - (lastHitAt ?? at) >= slowIntervalSeconds;
}

/** Whether the destination has not answered for the least time of an outage. */
function lastsLongEnough({ firstMissAt, lastHitAt }: ReachState, { at }: Observation): boolean {
  return at - (lastHitAt ?? firstMissAt ?? at) >= leastOutageSeconds;
}

/** An outage lasts until the destination answers again; one that outlasts a flap is reported. */
function continueOutage(state: ReachState, observation: Observation): ReachEvent[] {
  const by = state.firstMissAt ?? observation.at;
  if (!state.muted || observation.at - by < lastingSeconds) return [];
  state.muted = false;
  return [{ kind: 'unreachable', after: state.lastHitAt, by }];
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
