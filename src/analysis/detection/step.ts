import type { ChangeEvent } from '../../model/change/change.ts';
import type { Responder, Trace } from '../../model/trace/trace.ts';
import {
  createOutage,
  createPerformanceChange,
  createReachabilityChange,
  createRouteChange,
} from './changeEvents.ts';
import type { DetectionState } from './detectionState.ts';
import {
  createDeviceTable,
  deviceLimit,
  mergeDevices,
  noteRepeatedName,
  pruneDevices,
} from './identity/devices.ts';
import { createObservation, type Observation, replaceDevice } from './observation.ts';
import { createPendingAlert, selectReportable } from './pendingAlert.ts';
import { recentLoss } from './performance/lossMachine.ts';
import {
  checkLoss,
  createPerformanceState,
  type PerformanceEvent,
  stepPerformance,
} from './performance/performanceMachine.ts';
import { destinationAnswers } from './reachability/reachEvidence.ts';
import {
  createReachState,
  hasArrived,
  type ReachEvent,
  stepReach,
} from './reachability/reachMachine.ts';
import { createSilentEndState, stepSilentEnd } from './reachability/silentEnd.ts';
import type { Baseline } from './route/baseline.ts';
import { dropDevice, mergeInBaseline } from './route/baselineEdits.ts';
import { acceptLastingRoute, type RouteEvent } from './route/routeEvents.ts';
import { stepRoute } from './route/routeMachine.ts';
import { createRouteState, dropSince, explainingBaseline, learnAnew } from './route/routeState.ts';
import { defaultDetectionSettings } from './settings.ts';

/** So many late results in a row, so far behind, mean that a clock was set back. */
const setBackTraces = 5;
const setBackSeconds = 1800;
/**
 * A burst of probes was lost when more than this share of the reliable hops, at least two, is
 * silent.
 */
const lostShare = 0.5;
const minReliableHops = 2;
/** A hop that answers this share of the traces is reliable; so many traces show that. */
const reliableShare = 0.9;
const minKnownTraces = 6;

/** The state of a test without any trace. */
export function createDetectionState(testId: string, destination: string | null): DetectionState {
  return {
    testId,
    devices: createDeviceTable(destination),
    traces: 0,
    newestAt: null,
    late: null,
    route: createRouteState(0),
    reach: createReachState(),
    performance: createPerformanceState(),
    pendingAlert: createPendingAlert(),
  };
}

/** The next state, and the events to report. */
export interface DetectionStep {
  readonly state: DetectionState;
  readonly events: readonly ChangeEvent[];
}

/**
 * Processes one trace, in the order of arrival, and uses up the state given: continue with the one
 * returned. A trace that is not newer than the newest is history and changes nothing. `responders`
 * holds the last known name and AS of every address.
 */
export function stepDetection(
  state: DetectionState,
  trace: Trace,
  responders: ReadonlyMap<string, Responder>,
  settings = defaultDetectionSettings,
): DetectionStep {
  const events: ChangeEvent[] = [];
  if (isLate(state, trace.startedAt)) return { state, events };
  state.newestAt = trace.startedAt;
  state.traces++;
  if (state.devices.list.length > deviceLimit) pruneUnusedDevices(state);
  const merge = (from: number, into: number) => mergeDevicePair(state, from, into);
  let observation = createObservation(trace, state.devices, responders, merge);
  if (observation.repeated !== null && isPlaceholder(state, observation.repeated))
    observation = createObservation(trace, state.devices, responders, merge);
  if (hasLostProbes(observation, state.route.baselines[0] as Baseline))
    return { state, events: performanceChanges(state, observation, checkLoss(state, observation)) };
  const route = stepRoute(state.route, observation, state.reach.unreachable, state.devices);
  events.push(...judgeSilentEnd(state, observation));
  const reach = judgeReach(state, observation);
  if (observation.reached || !state.reach.unreachable)
    route.push(...acceptLastingRoute(state.route, observation, settings));
  if (reach.length > 0 || route.length > 0) {
    events.push(...reportChanges(state, observation, [...reach, ...route]));
  }
  const performance = stepPerformance(state, observation, settings);
  events.push(...performanceChanges(state, observation, performance));
  return { state, events };
}

function performanceChanges(
  state: DetectionState,
  { at }: Observation,
  events: readonly PerformanceEvent[],
): ChangeEvent[] {
  return events.map((event) => createPerformanceChange(state.testId, event, state, at));
}

/** Reports an outage that other tests have to confirm, where the destination never answers. */
function judgeSilentEnd(state: DetectionState, observation: Observation): ChangeEvent[] {
  if (destinationAnswers(state.reach)) return [];
  state.silentEnd ??= createSilentEndState();
  const baseline = explainingBaseline(state.route, observation);
  const event = stepSilentEnd(state.silentEnd, observation, baseline);
  const { testId, pendingAlert } = state;
  if (event === null) return [];
  if (event.kind === 'unconfirmed' && pendingAlert.flapping) {
    // The flap stands for its outages; one that outlasts it is reported then.
    state.silentEnd.isReported = false;
    return [];
  }
  if (event.kind === 'dismissed') return [{ kind: 'dismissed', testId, at: observation.at }];
  const { after, by } = event;
  const outage = { kind: 'unreachable', after, by } as const;
  return [{ kind: 'unconfirmed', change: createOutage(testId, state, outage, observation) }];
}

function reportChanges(
  state: DetectionState,
  observation: Observation,
  events: readonly (ReachEvent | RouteEvent)[],
): ChangeEvent[] {
  const { testId } = state;
  return selectReportable(state, events).map((event) => {
    if (!('from' in event)) return createReachabilityChange(testId, state, event, observation);
    const reported = createRouteChange(testId, state, event, observation.at);
    if (reported.kind === 'change') state.route.worse = reported.change.verdict.effect === 'worse';
    return reported;
  });
}

/**
 * Judges whether the trace arrived, by the route that explains it best. An outage is no part of a
 * route: its traces are not learned.
 */
function judgeReach(
  { route, reach, performance }: DetectionState,
  observation: Observation,
): ReachEvent[] {
  const baseline = explainingBaseline(route, observation);
  const arrived = hasArrived(observation, reach, baseline);
  const loss = arrived ? 0 : recentLoss(performance.loss);
  const wasDown = reach.unreachable;
  const events = stepReach(reach, observation, arrived, baseline, loss);
  if (reach.unreachable && !wasDown) dropSince(route, reach.firstMissAt ?? observation.at);
  return events;
}

/**
 * Whether a trace is late: not newer than the newest, thus history and never a change. When several
 * come in a row, each newer than the one before it, the clock of the measuring host was set back,
 * and time continues from there.
 */
function isLate(state: DetectionState, at: number): boolean {
  const newest = state.newestAt;
  if (newest === null || at > newest) {
    state.late = null;
    return false;
  }
  const before = state.late;
  const inRow = before !== null && at > before.at ? before.count + 1 : 1;
  state.late = { at, count: before !== null && at === before.at ? before.count : inRow };
  if (state.late.count < setBackTraces || newest - at < setBackSeconds) return true;
  state.late = null;
  return false;
}

/** Whether a device has the name of no router; if so, the baselines drop it. */
function isPlaceholder({ devices, route }: DetectionState, device: number): boolean {
  const traces = route.baselines[0]?.seen[device] ?? 0;
  if (!noteRepeatedName(devices, device, traces)) return false;
  for (const baseline of route.baselines) dropDevice(baseline, device);
  learnAnew(route);
  return true;
}

function mergeDevicePair(state: DetectionState, from: number, into: number): void {
  mergeDevices(state.devices, from, into);
  for (const baseline of state.route.baselines) mergeInBaseline(baseline, from, into);
  for (const { observation } of state.route.window) replaceDevice(observation, from, into);
}

function pruneUnusedDevices(state: DetectionState): void {
  const used = new Set<number>();
  for (const { seen, positions } of state.route.baselines)
    for (const counts of [seen, ...positions.map((position) => position?.devices ?? {})])
      for (const key in counts) used.add(Number(key));
  for (const { observation } of state.route.window)
    for (const device of observation.devices) used.add(device);
  pruneDevices(state.devices, (id) => used.has(id));
}

/**
 * Whether most of the reliable hops before the last answer are silent: the burst of probes was
 * lost, not the route.
 */
function hasLostProbes(observation: Observation, baseline: Baseline): boolean {
  if (baseline.traces < minKnownTraces) return false;
  let reliable = 0;
  let silent = 0;
  for (let ttl = 1; ttl < Math.min(observation.lastTtl, baseline.positions.length); ttl++) {
    const position = baseline.positions[ttl];
    if (!position || position.answered < reliableShare * position.asked) continue;
    reliable++;
    if (!observation.ttls.includes(ttl)) silent++;
  }
  return reliable >= minReliableHops && silent > lostShare * reliable;
}
