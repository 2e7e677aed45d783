import type { Change } from '../../../model/change.ts';
import type { DetectionState, LossState, PerformanceState, ReachState } from '../detectionState.ts';
import type { Observation } from '../observation.ts';
import type { Baseline } from '../route/baseline.ts';
import { isOnRoute } from '../route/routeState.ts';
import type { DetectionSettings } from '../settings.ts';
import { assessTimes } from '../verdict.ts';
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
  | { readonly kind: 'cleared'; readonly of: 'rtt_shift' | 'loss' | 'mtu_drop' }
  | { readonly kind: 'accepted'; readonly of: 'rtt_shift' };

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

/** Processes one trace that the current baseline explains, or that fell short of its end. */
export function stepPerformance(
  state: DetectionState,
  observation: Observation,
  settings: DetectionSettings,
): PerformanceEvent[] {
  const { performance, reach, route } = state;
  const baseline = route.baselines[0] as Baseline;
  const events: PerformanceEvent[] = [];
  const isStable = isOnRoute(route);
  if (observation.reached && isStable) {
    const step = findRttStep(baseline, route.sinceSwitch);
    events.push(...checkRtt(performance, baseline, observation, { step, ...settings }));
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
  { step, acceptAfterSeconds }: DetectionSettings & { readonly step: RttStep | null },
): PerformanceEvent[] {
  const { rtt: open } = state;
  if (step !== null && step.by > (open?.at ?? 0)) {
    state.rtt = shiftOf(step, open, observation.at);
    return [{ kind: 'rtt_shift', step }];
  }
  if (open === null) return [];
  const isOver = isRttStepOver(baseline, state);
  const isUsual = open.worse === false && observation.at - open.at >= acceptAfterSeconds;
  if (!isOver && !isUsual) return [];
  state.rtt = null;
  return [{ kind: isOver ? 'cleared' : 'accepted', of: 'rtt_shift' }];
}

/** The open shift after a step: a second step adds to the first, so both end at its old level. */
function shiftOf(
  { before, after, ...step }: RttStep,
  open: PerformanceState['rtt'],
  at: number,
): PerformanceState['rtt'] {
  const { effect } = assessTimes({ before, after, measuredTo: null });
  const beforeMs = Math.min(step.beforeMs, open?.beforeMs ?? Number.POSITIVE_INFINITY);
  const worse = effect === 'worse' || (open !== null && open.worse !== false);
  return { at, beforeMs, afterMs: step.afterMs, worse };
}

function checkMtu(
  state: PerformanceState,
  baseline: Baseline,
  observation: Observation,
  sinceSwitch: number,
): PerformanceEvent[] {
  if (observation.mtu === null) return [];
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
