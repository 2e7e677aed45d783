import type { ChangeEvent } from '../../model/change.ts';
import type { Responder, Trace } from '../../model/trace.ts';
import { performanceChange, reachChange, routeChange } from './changes.ts';
import { createEpisode, tellOnce } from './episode.ts';
import { recentLoss } from './lossMachine.ts';
import { createNodes, joinNodes, nodeLimit, pruneNodes } from './nodes.ts';
import { createPerformanceState, stepPerformance } from './performance.ts';
import {
  arrives,
  createReachState,
  type ReachEvent,
  stepReach,
  takeForReroute,
} from './reachMachine.ts';
import { fade, joinInRegime, type Regime } from './regime.ts';
import type { RouteEvent } from './routeEvents.ts';
import { stepRoute } from './routeMachine.ts';
import { createRouteState, restart, settleShort } from './routeState.ts';
import { replaceNode, type Sighting, sight } from './sighting.ts';
import type { ReachState, TestState } from './state.ts';

/** Results further apart than this are separated by a gap. */
const longGapSeconds = 12 * 3600;
/** So many late results in a row, so far behind, are a clock that was set back. */
const setBackTraces = 5;
const setBackSeconds = 1800;

/** The state of a test of which no trace has been seen. */
export function createTestState(testId: string, destination: string | null): TestState {
  return {
    testId,
    nodes: createNodes(destination),
    traces: 0,
    newestAt: null,
    late: null,
    route: createRouteState(0),
    reach: createReachState(),
    performance: createPerformanceState(),
    episode: createEpisode(),
  };
}

/** What a trace did: the state to go on with, and what there is to tell. */
export interface Stepped {
  readonly state: TestState;
  readonly events: readonly ChangeEvent[];
}

/**
 * Takes in one trace, in the order of arrival. The state given is used up: go on with the one returned. A trace that is
 * not newer than the newest is history and changes nothing. `responders` holds the last good name and AS of every address.
 */
export function step(
  state: TestState,
  trace: Trace,
  responders: ReadonlyMap<string, Responder>,
): Stepped {
  const events: ChangeEvent[] = [];
  if (isHistory(state, trace.startedAt)) return { state, events };
  if (trace.startedAt - (state.newestAt ?? trace.startedAt) > longGapSeconds) forgetHalf(state);
  state.newestAt = trace.startedAt;
  state.traces++;
  if (state.nodes.list.length > nodeLimit) prune(state);
  const merge = (from: number, into: number) => join(state, from, into);
  const sighting = sight(trace, state.nodes, responders, merge);
  const regime = state.route.regimes[0] as Regime;
  if (isBroken(sighting, regime)) return { state, events };
  const arrived = arrives(sighting, state.reach, regime);
  const outage = state.reach.unreachable;
  const reach = stepReach(
    state.reach,
    sighting,
    arrived,
    regime,
    arrived ? 0 : recentLoss(state.performance.loss),
  );
  if (reach.some((event) => event.kind === 'accepted')) restart(state.route, sighting.at);
  if (arrived && state.route.short.length > 0) settleShort(state.route, outage);
  const route = stepRoute(state.route, sighting, arrived, state.nodes, merge);
  if (reach.length > 0 || route.length > 0) {
    events.push(
      ...told(state, sighting, [...outagesAmong(reach, route, state.reach, sighting), ...route]),
    );
  }
  for (const event of stepPerformance(state, sighting)) {
    events.push(performanceChange(state.testId, event, state, sighting.at));
  }
  return { state, events };
}

function told(
  state: TestState,
  sighting: Sighting,
  news: readonly (ReachEvent | RouteEvent)[],
): ChangeEvent[] {
  const { testId } = state;
  return tellOnce(state, news).map((event) =>
    'from' in event
      ? routeChange(testId, state, event, sighting.at)
      : reachChange(testId, state, event, sighting),
  );
}

function outagesAmong(
  reach: readonly ReachEvent[],
  route: readonly RouteEvent[],
  state: ReachState,
  { nodes }: Sighting,
): readonly ReachEvent[] {
  const last = nodes.at(-1);
  const elsewhere = route.some(
    ({ kind, difference }) =>
      kind === 'changed' && last !== undefined && difference?.added.includes(last),
  );
  const both = elsewhere && reach.some((event) => event.kind === 'unreachable');
  return both && takeForReroute(state) ? [] : reach;
}

/**
 * A trace that is not newer than the newest is late: history, never a change. Unless several come in a row, each newer than the
 * one before it: then the clock of the measuring host has been set back, and time goes on from there.
 */
function isHistory(state: TestState, at: number): boolean {
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

/** After a long silence what was known before is worth less. */
function forgetHalf(state: TestState): void {
  for (const regime of state.route.regimes) fade(regime);
  state.reach.hits /= 2;
  state.reach.traces /= 2;
}

function join(state: TestState, from: number, into: number): void {
  joinNodes(state.nodes, from, into);
  for (const regime of state.route.regimes) joinInRegime(regime, from, into);
  for (const { sighting } of state.route.deviations) replaceNode(sighting, from, into);
  for (const sighting of state.route.short) replaceNode(sighting, from, into);
  for (const sighting of state.route.turn?.sightings ?? []) replaceNode(sighting, from, into);
}

function prune(state: TestState): void {
  const used = new Set<number>();
  for (const regime of state.route.regimes) for (const key in regime.seen) used.add(Number(key));
  for (const { sighting } of state.route.deviations)
    for (const node of sighting.nodes) used.add(node);
  const kept = [...state.route.short, ...(state.route.turn?.sightings ?? [])];
  for (const sighting of kept) for (const node of sighting.nodes) used.add(node);
  pruneNodes(state.nodes, (id) => used.has(id));
}

/** Most of the reliable hops in front of the last answer are silent: the burst of probes was lost, not the route. */
function isBroken(sighting: Sighting, regime: Regime): boolean {
  if (regime.traces < 6) return false;
  let reliable = 0;
  let silent = 0;
  for (let ttl = 1; ttl < Math.min(sighting.lastTtl, regime.positions.length); ttl++) {
    const position = regime.positions[ttl];
    if (!position || position.answered < 0.9 * regime.traces) continue;
    reliable++;
    if (!sighting.ttls.includes(ttl)) silent++;
  }
  return reliable >= 2 && silent > 0.5 * reliable;
}
