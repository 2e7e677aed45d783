import type { Change } from '../../../model/change/change.ts';
import type { DetectionState } from '../detectionState.ts';
import type { Observation } from '../observation.ts';
import type { Baseline } from '../route/baseline.ts';
import { isOnRoute } from '../route/routeState.ts';
import type { DetectionSettings } from '../settings.ts';
import { createLossState, stepLoss } from './lossMachine.ts';
import { stepMtu } from './mtuMachine.ts';
import type { PerformanceState, RttState } from './performanceState.ts';
import { createRttState, type ReportedRise, stepRtt } from './rttMachine.ts';

/** An event of the three performance machines. */
export type PerformanceEvent =
  | { readonly kind: 'rtt_shift'; readonly rise: ReportedRise }
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

/** Traces in a row that deviate from the baseline, and are no change, until they are a route. */
const lastingDeviation = 12;

/** The state before the first trace. */
export function createPerformanceState(): PerformanceState {
  return {
    rtt: createRttState(),
    mtu: null,
    lowMtus: 0,
    loss: createLossState(),
    deviating: 0,
  };
}

/** Processes one trace that the current baseline explains, or that fell short of its end. */
export function stepPerformance(
  state: DetectionState,
  observation: Observation,
  settings: DetectionSettings,
): PerformanceEvent[] {
  const { performance, route } = state;
  const baseline = route.baselines[0] as Baseline;
  const events: PerformanceEvent[] = [];
  const isStable = isOnRoute(route);
  performance.deviating = isStable ? 0 : performance.deviating + 1;
  const isLasting = route.flap === null && performance.deviating >= lastingDeviation;
  if (observation.reached && (isStable || isLasting)) {
    // A deviation that lasts, and is no change, has times of its own.
    const routeId = isStable ? baseline.id : -1 - baseline.id;
    events.push(...checkRtt(performance.rtt, routeId, observation, settings));
  }
  if (observation.reached && isStable) {
    events.push(...checkMtu(performance, baseline, observation, route.sinceSwitch));
  }
  events.push(...checkLoss(state, observation));
  return events;
}

/** Processes what a trace shows about the loss, even one that lost most of its probes. */
export function checkLoss(
  { performance, reach }: DetectionState,
  observation: Observation,
): PerformanceEvent[] {
  if (reach.reached === 0) return [];
  const event = stepLoss(performance.loss, observation, reach.unreachable);
  if (event === null) return [];
  if (event.kind === 'cleared') return [{ kind: 'cleared', of: 'loss' }];
  return [{ ...event, kind: 'loss' }];
}

function checkRtt(
  rtt: RttState,
  routeId: number,
  { at, rttMs }: Observation,
  { acceptAfterSeconds }: DetectionSettings,
): PerformanceEvent[] {
  if (rttMs === null) return [];
  return stepRtt(rtt, { at, ms: rttMs }, routeId, acceptAfterSeconds).map(
    (event): PerformanceEvent =>
      event.kind === 'risen'
        ? { kind: 'rtt_shift', rise: event }
        : { kind: event.kind, of: 'rtt_shift' },
  );
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
