import type { Change } from '../../../model/change.ts';
import { daySeconds } from '../../../model/time.ts';
import type { DetectionState, LossState, PerformanceState, ReachState } from '../detectionState.ts';
import type { Observation } from '../observation.ts';
import type { Baseline } from '../route/baseline.ts';
import { createLossState, lossPcts, stepLoss } from './lossMachine.ts';
import { stepMtu } from './mtuMachine.ts';
import { findRttStep, isRttStepOver, type RttStep } from './rttMachine.ts';

/** An event of the three performance machines. */
export type PerformanceEvent =
  | { readonly kind: 'rtt_shift'; readonly step: RttStep }
  | { readonly kind: 'loss'; readonly beforePct: number; readonly afterPct: number }
  | {
      readonly kind: 'mtu_drop';
      readonly before: number;
      readonly after: number;
      readonly onset: Change['onset'];
    }
  | { readonly kind: 'cleared'; readonly of: 'rtt_shift' | 'loss' | 'mtu_drop' };

/** A shift that lasts this long is normal. */
const acceptSeconds = daySeconds;
/** A lower MTU within so many traces after a change of route belongs to that change. */
const routeTraces = 8;

/** The state before the first trace. */
export function createPerformanceState(): PerformanceState {
  return {
    rtt: null,
    mtu: null,
    lowMtus: 0,
    loss: createLossState(),
  };
}

/** Takes in one trace that the current baseline explains, or that fell short of its end. */
export function stepPerformance(
  state: DetectionState,
  observation: Observation,
): PerformanceEvent[] {
  const { performance, reach, route } = state;
  const baseline = route.baselines[0] as Baseline;
  const events: PerformanceEvent[] = [];
  const isStable = !route.flapping && route.deviations.length === 0;
  if (observation.reached && isStable) {
    events.push(...checkRtt(performance, baseline, observation, route.sinceSwitch));
    events.push(...checkMtu(performance, baseline, observation, route.sinceSwitch));
  }
  if (reach.reached > 0) events.push(...checkLoss(performance.loss, reach, observation));
  return events;
}

function checkLoss(
  state: LossState,
  reach: ReachState,
  observation: Observation,
): PerformanceEvent[] {
  const change = stepLoss(state, reach, observation);
  if (change === null) return [];
  state.open = change === 'clear' ? null : { at: observation.at };
  if (change === 'clear') return [{ kind: 'cleared', of: 'loss' }];
  return [{ kind: 'loss', ...lossPcts(state) }];
}

function checkRtt(
  state: PerformanceState,
  baseline: Baseline,
  observation: Observation,
  sinceSwitch: number,
): PerformanceEvent[] {
  const step = findRttStep(baseline, sinceSwitch);
  if (step !== null && step.by > (state.rtt?.at ?? 0)) {
    state.rtt = { at: observation.at, beforeMs: step.beforeMs, afterMs: step.afterMs };
    return [{ kind: 'rtt_shift', step }];
  }
  if (state.rtt === null) return [];
  const isOver = isRttStepOver(baseline, state);
  if (!isOver && observation.at - state.rtt.at < acceptSeconds) return [];
  state.rtt = null;
  return isOver ? [{ kind: 'cleared', of: 'rtt_shift' }] : [];
}

function checkMtu(
  state: PerformanceState,
  baseline: Baseline,
  observation: Observation,
  sinceSwitch: number,
): PerformanceEvent[] {
  if (observation.mtu === null) return [];
  if (state.mtu !== null && observation.at - state.mtu.at >= acceptSeconds) {
    state.mtu = null;
    baseline.mtus = {};
  }
  const change = stepMtu(state, baseline, observation.mtu);
  const since = state.lowSince ?? { after: null, by: null };
  if (state.lowMtus === 0) since.after = observation.at;
  if (state.lowMtus === 1) since.by = observation.at;
  state.lowSince = since;
  if (change === null) return [];
  if (change === 'clear') {
    state.mtu = null;
    return [{ kind: 'cleared', of: 'mtu_drop' }];
  }
  if (sinceSwitch < routeTraces) return [];
  state.mtu = { at: observation.at, ...change };
  return [
    { kind: 'mtu_drop', ...change, onset: { after: since.after, by: since.by ?? observation.at } },
  ];
}
