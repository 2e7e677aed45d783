import type { ReachState } from '../detectionState.ts';
import { destinationDevice } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import type { Baseline, Position } from '../route/baseline.ts';
import { outageEvidence, traceLimit } from './silenceEvidence.ts';

/** A routing loop covers so many ttls, and each of its devices answers so often on average. */
const loopTtls = 10;
const minLoopRepeats = 2.5;
/** A destination that answers a smaller share of the traces does not answer at all. */
const answeringShare = 0.2;
/** Share of the traces that miss the destination during an outage; a stray answer is possible. */
const outageMissShare = 0.97;
/** The most evidence, nats, of one silent destination: no host is more certain to answer. */
const maxSilenceEvidence = 4.8;
/**
 * A hop that answers this share of the traces is reliable; a complete trace shows this share of
 * them.
 */
const reliableShare = 0.9;
const completeShare = 0.85;

/** Whether the destination answers at all. */
export function destinationAnswers(state: ReachState): boolean {
  return state.reached > 0 && state.reached >= answeringShare * state.seen;
}

/** Evidence of an outage in the open run of misses, nats. */
export function runEvidence(state: ReachState, baseline: Baseline, loss: number): number {
  const reportedEvidence = state.reportedMisses * traceLimit;
  return state.ends.length === 0
    ? reportedEvidence
    : Math.max(
        reportedEvidence,
        outageEvidence(state.ends, baseline, !destinationAnswers(state), loss),
      );
}

/**
 * Evidence, nats, of one more silent destination, against the chance that it is silent anyway: the
 * predictive probability from all hits and misses, those of the open run included, or the loss of
 * the last hours where that is higher.
 */
export function destinationSilence(state: ReachState, loss: number): number {
  const misses = state.traces - state.hits + state.missed - 0.5;
  const chance = Math.max(loss, misses / (state.traces + state.missed + 0.5));
  return Math.max(0, Math.min(maxSilenceEvidence, Math.log(outageMissShare / chance)));
}

/**
 * Whether nearly all reliable hops before the last answer answered, so that the silence behind it
 * means something.
 */
export function isComplete(observation: Observation, baseline: Baseline): boolean {
  let reliable = 0;
  let answered = 0;
  for (let ttl = 1; ttl < Math.min(baseline.positions.length, observation.lastTtl + 1); ttl++) {
    const position = baseline.positions[ttl];
    if (
      !position ||
      position.answered - destinationCount(position) < reliableShare * position.asked
    )
      continue;
    reliable++;
    if (observation.ttls.includes(ttl)) answered++;
  }
  return answered >= completeShare * reliable;
}

function destinationCount(position: Position): number {
  return position.devices[destinationDevice] ?? 0;
}

/**
 * Whether the same few devices answer again and again up to the last ttl probed: the packets
 * circle.
 */
export function isRoutingLoop({ devices, ttls, lastTtl }: Observation): boolean {
  const tail = devices.filter((_, index) => (ttls[index] as number) > lastTtl - loopTtls);
  const deviceCount = new Set(tail).size;
  return tail.length >= minLoopRepeats * deviceCount && lastTtl >= 2 * loopTtls;
}
