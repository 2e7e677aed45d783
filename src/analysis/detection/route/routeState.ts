import type { RouteState } from '../detectionState.ts';
import type { Observation } from '../observation.ts';
import { type Baseline, createBaseline } from './baseline.ts';
import { deviatingTtls } from './likelihood.ts';

/** Baselines that the state holds: the current one and those to come back to. */
const maxBaselines = 6;

/** The state before the first trace. */
export function createRouteState(at: number): RouteState {
  return {
    learning: true,
    baselines: [createBaseline(0, at)],
    usualBaselineId: 0,
    nextBaselineId: 1,
    window: [],
    learnedAt: null,
    earlyEnds: 0,
    usualInRow: 0,
    switchedAt: null,
    sinceSwitch: 0,
    open: false,
    level: null,
    worse: false,
    swings: [],
    flap: null,
  };
}

/** Retains the current baseline, the usual one, and the most recently used of the others. */
export function pruneBaselines(state: RouteState): void {
  const retained = state.baselines.slice(0, maxBaselines);
  const usual = state.baselines.find((baseline) => baseline.id === state.usualBaselineId);
  if (usual && !retained.includes(usual)) retained[retained.length - 1] = usual;
  state.baselines = retained;
}

/** Whether the newest trace is on the current route, and the route does not flap. */
export function isOnRoute({ flap, window }: RouteState): boolean {
  return flap === null && (window.at(-1)?.deviating.length ?? 0) === 0;
}

/** The baseline that explains a trace: the current one, else a remembered one, else the current. */
export function explainingBaseline(state: RouteState, observation: Observation): Baseline {
  const current = state.baselines[0] as Baseline;
  const newest = state.window.at(-1);
  if (newest?.observation !== observation || newest.deviating.length === 0) return current;
  return findExplaining(state, [observation]) ?? current;
}

/** The remembered baseline from which no trace deviates; null when there is none. */
export function findExplaining(
  { baselines }: RouteState,
  observations: readonly Observation[],
): Baseline | null {
  const explains = (baseline: Baseline) =>
    observations.every((observation) => deviatingTtls(observation, baseline).length === 0);
  return baselines.slice(1).find(explains) ?? null;
}

/** Drops the newest traces, from a moment on: epoch seconds. */
export function dropSince(state: RouteState, at: number): void {
  state.window = state.window.filter(({ observation }) => observation.at < at);
}

/** Learns the current route from the next traces, on top of what its baseline knows. */
export function learnAnew(state: RouteState): void {
  state.learning = true;
  state.window = [];
  for (const baseline of state.baselines.slice(0, 1)) baseline.traces = 0;
}
