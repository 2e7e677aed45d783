import type { RouteState } from '../detectionState.ts';
import type { DeviceTable } from '../identity/devices.ts';
import { type Observation, replaceDevice } from '../observation.ts';
import { usualDevice } from './alias.ts';
import { addRegularDevices, type Baseline, createBaseline, learnObservation } from './baseline.ts';
import {
  type BaselineComparison,
  compareToBaseline,
  explainedBelow,
} from './baselineComparison.ts';
import { linkChangeEvidence, openLinkChange, updateLinkChange, withoutHop } from './linkChange.ts';
import { findRouteDifference, type RouteDifference } from './routeDifference.ts';
import {
  classifySwitch,
  detectFlapEnd,
  detectFlapping,
  flapWindow,
  type RouteEvent,
} from './routeEvents.ts';
import { findRememberedBaseline, pruneBaselines } from './routeState.ts';
import { resolveTemporaryRoute } from './temporaryRoute.ts';

/** Traces that build a baseline from scratch; nothing is a change before. */
const learningTraces = 6;
/**
 * Evidence, nats, that a baseline is over: two traces that should not occur, each one in a hundred
 * or rarer. Of 5, 8.5, 11 and 14, larger values gain a little precision; from 11 on a change takes
 * three traces instead of two.
 */
const switchEvidence = 8.5;
/** A baseline of fewer traces is young: a change within one AS needs more evidence, nats. */
const youngTraces = 20;
const youngEvidence = 14;
/** Evidence, nats, that a trace on the usual route takes back: as much as one trace can add. */
const explainedRelief = 5;
/**
 * Traces that a change needs, whatever one of them shows: a single trace may mix several routes.
 */
const minDeviations = 2;
/** A trace that fits a remembered baseline counts at least this much, plus a bonus, nats. */
const knownRouteEvidence = 3.5;
const knownRouteBonus = 1.5;
/** Deviating traces that the state holds at most. */
const maxDeviations = 24;
/** Short traces that the state holds at most while an outage is possible. */
const maxShortTraces = 12;

/**
 * Processes one usable trace. `isComplete`: the trace showed the route to its end, so the baseline
 * may learn from it.
 */
export function stepRoute(
  state: RouteState,
  observation: Observation,
  isComplete: boolean,
  table: DeviceTable,
  merge: (from: number, into: number) => void,
): RouteEvent[] {
  const current = state.baselines[0] as Baseline;
  state.sinceSwitch++;
  if (state.sinceReturn !== null) state.sinceReturn++;
  if (state.temporaryRoutes.length > 0) ageTemporaryRoutes(state);
  if (state.learning) {
    if (isComplete) learnObservation(current, observation);
    state.explainedAt = observation.at;
    state.learning = current.traces < learningTraces;
    return [];
  }
  const isYoung = current.explainedTraces < youngTraces;
  const parent = isYoung ? (state.baselines[1] ?? null) : null;
  const comparison = compareToBaseline(observation, current, table, parent);
  const remembered = isYoung ? findRememberedBaseline(state, observation, table, current) : null;
  if (comparison.evidence < explainedBelow && remembered === null) {
    joinAliases(observation, comparison.aliases, current, merge);
    return handleExplained(state, current, observation, isComplete, table);
  }
  return handleDeviation(state, observation, comparison, remembered, table);
}

/** From now on, another address of a device counts as that device. */
function joinAliases(
  observation: Observation,
  aliases: readonly number[],
  baseline: Baseline,
  merge: (from: number, into: number) => void,
): void {
  for (const index of aliases) {
    const usual = usualDevice(baseline.positions[observation.ttls[index] as number]);
    const alias = observation.devices[index] as number;
    if (usual === null || usual === alias) continue;
    merge(alias, usual);
    replaceDevice(observation, alias, usual);
  }
}

function ageTemporaryRoutes(state: RouteState): void {
  state.temporaryRoutes = state.temporaryRoutes
    .map((age) => age + 1)
    .filter((age) => age <= flapWindow);
}

function handleExplained(
  state: RouteState,
  current: Baseline,
  observation: Observation,
  isComplete: boolean,
  table: DeviceTable,
): RouteEvent[] {
  state.evidence = Math.max(0, state.evidence - explainedRelief);
  let flapEvents: RouteEvent[] = [];
  if (state.deviations.length > 0 && state.evidence === 0) {
    const last = state.deviations.at(-1)?.observation ?? observation;
    const seen = state.deviations.map((deviation) => deviation.observation);
    if (resolveTemporaryRoute(state, current, table)) state.temporaryRoutes.push(0);
    state.deviations = [];
    flapEvents = detectFlapping(state, current, last, seen, table);
  }
  const linkEvents = checkLinkChange(state, current, observation, table);
  if (linkEvents !== null) return linkEvents;
  if (isComplete) learnObservation(current, observation);
  else if (state.shortTraces.length < maxShortTraces) state.shortTraces.push(observation);
  state.explainedAt = observation.at;
  return [...flapEvents, ...detectFlapEnd(state, current, observation)];
}

/** The events of a link change that shows no new device; null where no link has changed. */
function checkLinkChange(
  state: RouteState,
  current: Baseline,
  observation: Observation,
  table: DeviceTable,
): RouteEvent[] | null {
  state.linkChange ??= openLinkChange(observation, table, current, state.explainedAt);
  if (state.linkChange === null) return null;
  const { observations, previousTtl, after } = state.linkChange;
  const progress = updateLinkChange(state.linkChange, observation, current);
  if (progress === 'open') return null;
  state.linkChange = null;
  if (progress === 'renumbered') return null;
  const to = withoutHop(current, previousTtl, state.nextBaselineId++);
  state.baselines.unshift(to);
  pruneBaselines(state);
  const sinceSwitch = state.sinceSwitch;
  state.sinceSwitch = 0;
  state.switchedAt = observation.at;
  const by = observations[0]?.at ?? observation.at;
  const routeDifference = findRouteDifference(current, observations, table, linkChangeEvidence);
  const event = {
    from: current,
    to,
    difference: routeDifference,
    after,
    by,
    observations,
    seenAt: null,
  };
  return classifySwitch(state, to, sinceSwitch, event);
}

function handleDeviation(
  state: RouteState,
  observation: Observation,
  comparison: BaselineComparison,
  remembered: Baseline | null,
  table: DeviceTable,
): RouteEvent[] {
  const current = state.baselines[0] as Baseline;
  const known = remembered ?? findRememberedBaseline(state, observation, table, null);
  const evidence =
    known === null
      ? comparison.evidence
      : Math.max(comparison.evidence, knownRouteEvidence) + knownRouteBonus;
  state.evidence += evidence;
  state.deviations.push({ observation, evidence, baselineId: known?.id ?? null });
  if (state.deviations.length > maxDeviations) state.deviations.shift();
  if (state.evidence < switchEvidence || state.deviations.length < minDeviations) return [];
  const observations = state.deviations.map((deviation) => deviation.observation);
  const routeDifference = findRouteDifference(current, observations, table, state.evidence);
  const needsMoreEvidence =
    known === null && current.explainedTraces < youngTraces && routeDifference.level !== 'inter_as';
  if (needsMoreEvidence && state.evidence < youngEvidence) return [];
  return switchTo(state, current, observation, routeDifference, observations);
}

function switchTo(
  state: RouteState,
  from: Baseline,
  observation: Observation,
  routeDifference: RouteDifference,
  observations: readonly Observation[],
): RouteEvent[] {
  const { deviations } = state;
  const first = deviations[0]?.observation.at ?? observation.at;
  const last = deviations.at(-1)?.baselineId ?? null;
  const after = state.explainedAt;
  state.evidence = 0;
  state.deviations = [];
  state.linkChange = null;
  state.explainedAt = observation.at;
  const eventBase = {
    from,
    difference: routeDifference,
    after,
    by: first,
    observations,
  };
  if (routeDifference.level === 'same_site') {
    addRegularDevices(from, observations);
    return [{ kind: 'changed', to: from, seenAt: null, ...eventBase }];
  }
  const same = deviations.filter((deviation) => deviation.baselineId === last);
  let to = last === null ? undefined : state.baselines.find((baseline) => baseline.id === last);
  const seenAt = to?.lastAt ?? null;
  to ??= createBaseline(state.nextBaselineId++, first);
  for (const deviation of same) learnObservation(to, deviation.observation);
  state.baselines = [to, ...state.baselines.filter((baseline) => baseline !== to)];
  pruneBaselines(state);
  const sinceSwitch = state.sinceSwitch;
  state.sinceSwitch = 0;
  state.shortTraces = [];
  state.switchedAt = observation.at;
  return classifySwitch(state, to, sinceSwitch, { to, seenAt, ...eventBase });
}
