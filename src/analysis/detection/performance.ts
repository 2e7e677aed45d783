import type { Change } from '../../model/change.ts';
import { createLossState, lossPcts, stepLoss } from './lossMachine.ts';
import { stepMtu } from './mtuMachine.ts';
import type { Regime } from './regime.ts';
import { findStep, type RttStep, stepIsOver } from './rttMachine.ts';
import type { Sighting } from './sighting.ts';
import type { LossState, PerformanceState, ReachState, TestState } from './state.ts';

/** What the three performance machines report. */
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

/** A shift that has lasted a day is the new normal. */
const acceptSeconds = 86_400;
/** Traces after a change of route in which a lower MTU belongs to it. */
const routeTraces = 8;

/** Nothing measured yet. */
export function createPerformanceState(): PerformanceState {
  return {
    rtt: null,
    mtu: null,
    lowMtus: 0,
    loss: createLossState(),
  };
}

/** Takes in one trace that the current regime explains, or that did not come to the end. */
export function stepPerformance(state: TestState, sighting: Sighting): PerformanceEvent[] {
  const { performance, reach, route } = state;
  const regime = route.regimes[0] as Regime;
  const events: PerformanceEvent[] = [];
  const settled = !route.flapping && route.deviations.length === 0;
  if (sighting.reached && settled) {
    events.push(...rtt(performance, regime, sighting, route.sinceSwitch));
    events.push(...mtu(performance, regime, sighting, route.sinceSwitch));
  }
  if (reach.reached > 0) events.push(...loss(performance.loss, reach, sighting));
  return events;
}

function loss(state: LossState, reach: ReachState, sighting: Sighting): PerformanceEvent[] {
  const change = stepLoss(state, reach, sighting);
  if (change === null) return [];
  state.open = change === 'clear' ? null : { at: sighting.at };
  if (change === 'clear') return [{ kind: 'cleared', of: 'loss' }];
  return [{ kind: 'loss', ...lossPcts(state) }];
}

function rtt(
  state: PerformanceState,
  regime: Regime,
  sighting: Sighting,
  sinceSwitch: number,
): PerformanceEvent[] {
  const step = findStep(regime, sinceSwitch);
  if (step !== null && step.by > (state.rtt?.at ?? 0)) {
    state.rtt = { at: sighting.at, beforeMs: step.beforeMs, afterMs: step.afterMs };
    return [{ kind: 'rtt_shift', step }];
  }
  if (state.rtt === null) return [];
  const over = stepIsOver(regime, state);
  if (!over && sighting.at - state.rtt.at < acceptSeconds) return [];
  state.rtt = null;
  return over ? [{ kind: 'cleared', of: 'rtt_shift' }] : [];
}

function mtu(
  state: PerformanceState,
  regime: Regime,
  sighting: Sighting,
  sinceSwitch: number,
): PerformanceEvent[] {
  if (sighting.mtu === null) return [];
  if (state.mtu !== null && sighting.at - state.mtu.at >= acceptSeconds) {
    state.mtu = null;
    regime.mtus = {};
  }
  const change = stepMtu(state, regime, sighting.mtu);
  const since = state.lowSince ?? { after: null, by: null };
  if (state.lowMtus === 0) since.after = sighting.at;
  if (state.lowMtus === 1) since.by = sighting.at;
  state.lowSince = since;
  if (change === null) return [];
  if (change === 'clear') {
    state.mtu = null;
    return [{ kind: 'cleared', of: 'mtu_drop' }];
  }
  if (sinceSwitch < routeTraces) return [];
  state.mtu = { at: sighting.at, ...change };
  return [
    { kind: 'mtu_drop', ...change, onset: { after: since.after, by: since.by ?? sighting.at } },
  ];
}
