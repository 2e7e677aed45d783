import type { RouteState } from '../detectionState.ts';
import type { DeviceTable } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import { type Baseline, createBaseline, learnObservation } from './baseline.ts';
import { compareToBaseline, explainedBelow } from './baselineComparison.ts';
import { regularDevices } from './baselineStatistics.ts';

/** Baselines that the state holds: the current one and those to come back to. */
const maxBaselines = 8;
/**
 * A remembered baseline fits when this share of the devices answers that do so in nearly all of its
 * traces.
 */
const presentShare = 0.6;
const regularShare = 0.8;

/** The state before the first trace. */
export function createRouteState(at: number): RouteState {
  return {
    learning: true,
    baselines: [createBaseline(0, at)],
    shortTraces: [],
    usualBaselineId: 0,
    nextBaselineId: 1,
    evidence: 0,
    deviations: [],
    linkChange: null,
    explainedAt: null,
    sinceSwitch: 0,
    switchedAt: null,
    open: false,
    sinceReturn: null,
    lastRemoved: [],
    temporaryRoutes: [],
    flaps: 0,
    flapping: false,
    stableTraces: 0,
  };
}

/** Retains the current baseline, the usual one, and the most recently used of the others. */
export function pruneBaselines(state: RouteState): void {
  const retained = state.baselines.slice(0, maxBaselines);
  const usual = state.baselines.find((baseline) => baseline.id === state.usualBaselineId);
  if (usual && !retained.includes(usual)) retained[retained.length - 1] = usual;
  state.baselines = retained;
}

/**
 * Ends a run of short traces: those that fell short by chance belong to the baseline, an outage
 * does not.
 */
export function resolveShortTraces(state: RouteState, outage: boolean): void {
  const current = state.baselines[0];
  if (!outage && current)
    for (const observation of state.shortTraces) learnObservation(current, observation);
  state.shortTraces = [];
}

/**
 * The remembered baseline that explains a trace without anything new, with most of its regular
 * devices present; with a `rival`, it also has to know more of the trace than that one. null when
 * there is none.
 */
export function findRememberedBaseline(
  state: RouteState,
  observation: Observation,
  table: DeviceTable,
  rival: Baseline | null,
): Baseline | null {
  for (const baseline of state.baselines.slice(1)) {
    const comparison = compareToBaseline(observation, baseline, table);
    if (comparison.novel.length > 0 || comparison.endMoved || comparison.aliases.length > 0)
      continue;
    if (comparison.evidence >= explainedBelow) continue;
    const regular = regularDevices(baseline, regularShare);
    const present = regular.filter((device) => observation.devices.includes(device)).length;
    if (present < presentShare * regular.length) continue;
    if (
      rival !== null &&
      countKnownDevices(observation, rival) >= countKnownDevices(observation, baseline)
    )
      continue;
    return baseline;
  }
  return null;
}

function countKnownDevices(observation: Observation, baseline: Baseline): number {
  return observation.devices.filter((device) => baseline.seen[device] !== undefined).length;
}
