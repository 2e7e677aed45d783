import type { RouteState } from '../detectionState.ts';
import type { DeviceTable } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import { type Baseline, learnObservation, learnRtt } from './baseline.ts';
import { branchOff } from './baselineEdits.ts';
import { usualEndTtl, usualLastTtl } from './baselineStatistics.ts';
import {
  type FoundChange,
  findChange,
  isCertainChange,
  leastChangeSeconds,
  maxWindowTraces,
  tracesOnOtherRoute,
} from './findChange.ts';
import { deviatingTtls, logChance } from './likelihood.ts';
import { classifyDifference } from './routeClass.ts';
import type { RouteDifference } from './routeDifference.ts';
import {
  classifySwitch,
  detectFlapEnd,
  hasSwungLately,
  noteUnrest,
  type RouteEvent,
} from './routeEvents.ts';
import { findExplaining, pruneBaselines } from './routeState.ts';
import { sumEvidence, type WindowEvidence, type WindowTrace } from './windowEvidence.ts';

/** Traces that build a baseline from scratch; nothing is a change before. */
const learningTraces = 6;
/**
 * The newest traces are not learned yet, so that a route is never compared with itself: at least so
 * many, and those of the time that a change has to last.
 */
const windowTraces = 6;
/** A remembered baseline explains traces with less evidence against it, nats. */
const misfitEvidence = 2;
/** An answer of the destination this many ttls early, and nothing else, is a middlebox. */
const earlyTtls = 2;
/** So many traces in a row that the usual route explains as well are a return to it. */
const returnTraces = 6;
const noEvidence: WindowEvidence = { nats: 0, runs: [] };
/** So many early answers in a row are a shorter route. */
const maxEarlyEnds = 12;
/** A remembered route that explained fewer traces is a rare branch: it needs the full evidence. */
const minKnownTraces = 12;

/** Processes one usable trace. `isDown`: an outage is open. */
export function stepRoute(
  state: RouteState,
  observation: Observation,
  isDown: boolean,
  table: DeviceTable,
): RouteEvent[] {
  const current = state.baselines[0] as Baseline;
  state.sinceSwitch++;
  if (state.learning) {
    learn(state, current, observation);
    learnRtt(current, observation);
    state.learning = current.traces < learningTraces;
    return [];
  }
  const deviating = deviatingTtls(observation, current);
  if (isDown && !observation.reached && deviating.length === 0) return [];
  if (isEarlyEnd(state, observation, deviating, current)) return [];
  state.window.push({ observation, deviating });
  if (deviating.length > 0) {
    noteUnrest(state, observation.at);
    const found = findChange(state.window, current, table);
    const events = found === null ? null : judge(state, current, found, table);
    if (events !== null) return events;
  } else learnRtt(current, observation);
  slideWindow(state, current, observation.at);
  if (deviating.length > 0) return [];
  return [...detectReturn(state, current, observation), ...detectFlapEnd(state, observation)];
}

function learn(state: RouteState, baseline: Baseline, observation: Observation): void {
  learnObservation(baseline, observation);
  state.learnedAt = observation.at;
}

/**
 * Learns the traces that are too old to become part of a change, and those in front of the first
 * that may: it deviates, or is short and may belong to an outage.
 */
function slideWindow(state: RouteState, current: Baseline, at: number): void {
  const { window } = state;
  while (window.length > 0) {
    const oldest = window[0] as WindowTrace;
    const isOld =
      window.length > maxWindowTraces ||
      (window.length > windowTraces && at - oldest.observation.at >= leastChangeSeconds);
    if (!isOld && (oldest.deviating.length > 0 || isShort(oldest.observation, current))) return;
    window.shift();
    learn(state, current, oldest.observation);
    if (oldest.deviating.length > 0) learnRtt(current, oldest.observation);
  }
}

function isShort({ reached, lastTtl }: Observation, current: Baseline): boolean {
  return !reached && lastTtl < usualLastTtl(current);
}

function isEarlyEnd(
  state: RouteState,
  { destinationTtl }: Observation,
  deviating: readonly number[],
  current: Baseline,
): boolean {
  const isEarly =
    destinationTtl !== null &&
    (deviating.length > 0 || current.endTtls[destinationTtl] === undefined) &&
    destinationTtl <= (usualEndTtl(current) ?? 0) - earlyTtls &&
    deviating.every((ttl) => ttl === destinationTtl);
  state.earlyEnds = isEarly ? state.earlyEnds + 1 : 0;
  return isEarly && state.earlyEnds <= maxEarlyEnds;
}

/** The events of a change that the evidence shows; null where the routes are the same in effect. */
function judge(
  state: RouteState,
  current: Baseline,
  found: FoundChange,
  table: DeviceTable,
): RouteEvent[] | null {
  const { evidence } = found;
  const observations = tracesOnOtherRoute(found);
  if (observations.length === 0) return null;
  const isCertain = isCertainChange(found);
  const known = isCertain
    ? findRemembered(state, observations, table)
    : findEstablished(state, observations);
  if (known === null && !isCertain) return null;
  const difference = classifyDifference(current, observations, evidence, table);
  if (known === null && difference === null) return null;
  if (known === null && difference?.level === 'same_site') {
    return reportSiteChange(state, current, observations, difference);
  }
  return switchTo(state, current, known, observations, { difference, evidence });
}

/** The remembered route that explains all traces; null unless it is the usual one or lasted. */
function findEstablished(state: RouteState, observations: readonly Observation[]): Baseline | null {
  const known = findExplaining(state, observations);
  const isUsual = known?.id === state.usualBaselineId;
  return isUsual || (known?.explainedTraces ?? 0) >= minKnownTraces ? known : null;
}

/** A change within a site becomes part of the baseline at once. */
function reportSiteChange(
  state: RouteState,
  current: Baseline,
  observations: readonly Observation[],
  difference: RouteDifference,
): RouteEvent[] {
  const after = startBefore(state, observations);
  for (const { observation, deviating } of state.window) {
    learn(state, current, observation);
    if (deviating.length > 0) learnRtt(current, observation);
  }
  state.window = [];
  const by = observations[0]?.at ?? 0;
  const event = { from: current, to: current, difference, after, by, observations, seenAt: null };
  return [{ kind: 'changed', ...event }];
}

/** Start of the last trace before some of the window, epoch seconds. */
function startBefore(
  { window, learnedAt }: RouteState,
  traces: readonly Observation[],
): number | null {
  const before = window.findLast(({ observation }) => observation.at < (traces[0]?.at ?? 0));
  return before?.observation.at ?? learnedAt;
}

/**
 * Switches back to the usual route once it explains enough traces in a row as well as the current
 * one does.
 */
function detectReturn(
  state: RouteState,
  current: Baseline,
  observation: Observation,
): RouteEvent[] {
  const usual = state.baselines.find(({ id }) => id === state.usualBaselineId);
  if (!state.open || usual === undefined || usual === current) return [];
  const isExplained =
    deviatingTtls(observation, usual).length === 0 &&
    logChance(observation, usual) >= logChance(observation, current);
  state.usualInRow = isExplained ? state.usualInRow + 1 : 0;
  if (state.usualInRow < returnTraces) return [];
  const difference = null;
  return switchTo(state, current, usual, [observation], { difference, evidence: noEvidence });
}

/** The remembered baseline that explains some traces best; null when none does. */
function findRemembered(
  state: RouteState,
  observations: readonly Observation[],
  table: DeviceTable,
): Baseline | null {
  let best: Baseline | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const baseline of state.baselines.slice(1)) {
    const traces = observations.map((observation) => ({
      observation,
      deviating: deviatingTtls(observation, baseline),
    }));
    const evidence = sumEvidence(traces, baseline, table);
    const isExplained =
      evidence.nats < misfitEvidence ||
      classifyDifference(baseline, observations, evidence, table) === null;
    if (!isExplained || evidence.nats >= least) continue;
    least = evidence.nats;
    best = baseline;
  }
  return best;
}

function switchTo(
  state: RouteState,
  from: Baseline,
  known: Baseline | null,
  observations: readonly Observation[],
  { difference, evidence }: { difference: RouteDifference | null; evidence: WindowEvidence },
): RouteEvent[] {
  const by = observations[0]?.at ?? 0;
  const after = startBefore(state, observations);
  for (const { observation } of state.window)
    if (observation.at < by) learn(state, from, observation);
  const seenAt = known?.lastAt ?? null;
  const firstTtl = evidence.runs[0]?.from ?? 1;
  const to = known ?? branchOff(from, state.nextBaselineId++, observations, firstTtl);
  if (known !== null) for (const observation of observations) learnObservation(known, observation);
  for (const observation of observations) learnRtt(to, observation);
  const at = observations.at(-1)?.at ?? by;
  state.learnedAt = at;
  state.window = [];
  state.baselines = [to, ...state.baselines.filter((baseline) => baseline !== to)];
  pruneBaselines(state);
  const event = { from: structuredClone(from), to, difference, after, by, observations, seenAt };
  const isBranch = known !== null && from.id === state.usualBaselineId;
  if (isBranch && !hasSwungLately(state, at)) learnBranch(from, observations);
  return classifySwitch(state, event, at);
}

/**
 * A route that the traffic leaves now and then for the same other one has that as a branch: the
 * more often it comes, the less each time means.
 */
function learnBranch(usual: Baseline, observations: readonly Observation[]): void {
  for (const observation of observations) learnObservation(usual, observation);
}
