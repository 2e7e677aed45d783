import { hourSeconds } from '../../../model/values/time.ts';
import type { RouteState, Swing } from '../detectionState.ts';
import type { Observation } from '../observation.ts';
import type { DetectionSettings } from '../settings.ts';
import { assessTimes } from '../verdict.ts';
import type { Baseline } from './baseline.ts';
import type { RouteDifference } from './routeDifference.ts';
import { isOnRoute } from './routeState.ts';

/** An event of the route machine. */
export interface RouteEvent {
  readonly kind: 'changed' | 'recovered' | 'flap' | 'accepted';
  readonly from: Baseline;
  readonly to: Baseline;
  readonly difference: RouteDifference | null;
  /** Start of the last trace of the old and of the first of the new route. */
  readonly after: number | null;
  readonly by: number;
  readonly observations: readonly Observation[];
  /** When the new route was last in use; null when it is new. */
  readonly seenAt: number | null;
}

type Switch = Omit<RouteEvent, 'kind'>;

/** Newest times of the old and of the new route that show whether it is worse, and the least. */
const verdictSamples = 12;
const minVerdictSamples = 4;
/** So many switches between two routes, or a second one off the usual route, are a flap. */
const flapSwings = 3;
const flapSeconds = 6 * hourSeconds;
/** A variant of a route has more than this share of the added devices. */
const likeShare = 0.5;
/** A flap is over once no trace has left one of its routes for so many traces, and so long. */
const calmTraces = 9;
const calmSeconds = 2700;
/** A further switch so soon corrects a change: traces, or seconds. */
const correctionTraces = 4;
const correctionSeconds = 1800;

/**
 * The events of a switch to another baseline: a change, the way back, or nothing, because it
 * corrects a change or is one more swing of a flap. `at`: epoch seconds.
 */
export function classifySwitch(state: RouteState, event: Switch, at: number): RouteEvent[] {
  const isSoon = isCorrection(state, at);
  state.sinceSwitch = 0;
  state.usualInRow = 0;
  state.switchedAt = at;
  const isSame = event.difference === null;
  if (state.flap !== null) return swing(state, state.flap.routes, event, at);
  const isFlap = !isSame && noteSwing(state, event, at);
  if (event.to.id === state.usualBaselineId) {
    if (!state.open) return [];
    state.open = false;
    return [{ kind: 'recovered', ...event }];
  }
  if (isSame) return [];
  if (isFlap) {
    state.flap = { routes: [event.from.id, event.to.id], swungAt: at };
    state.open = true;
    state.level = event.difference?.level ?? null;
    return [{ kind: 'flap', ...event }];
  }
  if (isSoon && !isMoreThanReported(state, event)) return [];
  return [...report(state, event), ...acceptImmediately(state, event)];
}

/** A switch during a flap is no event, but to a third route that is more than the flap. */
function swing(
  state: RouteState,
  routes: readonly number[],
  event: Switch,
  at: number,
): RouteEvent[] {
  const { to, difference } = event;
  const isThird = difference !== null && to.id !== state.usualBaselineId && !routes.includes(to.id);
  state.flap = { routes: isThird ? [...routes, to.id] : routes, swungAt: at };
  return isThird && isMoreThanReported(state, event) ? report(state, event) : [];
}

function report(state: RouteState, event: Switch): RouteEvent[] {
  state.open = true;
  state.level = event.difference?.level ?? null;
  return [{ kind: 'changed', ...event }];
}

/** Whether a change was reported so recently that another switch belongs to it. */
function isCorrection({ open, sinceSwitch, switchedAt }: RouteState, at: number): boolean {
  const sinceSeconds = at - (switchedAt ?? Number.NEGATIVE_INFINITY);
  return open && (sinceSwitch <= correctionTraces || sinceSeconds <= correctionSeconds);
}

/**
 * Whether a switch leaves an AS though the reported change did not, or makes things worse, which a
 * switch from the usual route does if the reported one did not.
 */
function isMoreThanReported(state: RouteState, { from, difference }: Switch): boolean {
  const leavesAs = difference?.level === 'inter_as' && state.level !== 'inter_as';
  const wasWorse = from.id === state.usualBaselineId && state.worse;
  return leavesAs || (difference?.isSlower === true && !wasWorse);
}

/** Notes a switch; returns whether it makes a flap with those of the last hours. */
function noteSwing(state: RouteState, event: Switch, at: number): boolean {
  const before = recentSwings(state, at);
  const { open, usualBaselineId, baselines } = state;
  state.swings = [...before, { at, routes: [event.from.id, event.to.id] }];
  const left = before.filter(({ routes: [from] }) => from === usualBaselineId);
  const isAgain = left.some(({ routes: [, to] }) =>
    baselines.some((baseline) => baseline.id === to && isLike(event, baseline)),
  );
  const between = state.swings.filter(({ routes }) => isBetween(routes, event));
  return between.length >= flapSwings || (!open && isAgain);
}

/** Whether a switch leads to a route or, by most of the added devices, to a variant of it. */
function isLike({ to, difference }: Switch, route: Baseline): boolean {
  const added = difference?.added ?? [];
  const known = added.filter((device) => route.seen[device] !== undefined);
  return to === route || known.length > likeShare * added.length;
}

function recentSwings({ swings }: RouteState, at: number): Swing[] {
  return swings.filter((swing) => at - swing.at <= flapSeconds);
}

/** Whether the route switched in the last hours. `at`: epoch seconds. */
export function hasSwungLately(state: RouteState, at: number): boolean {
  return state.flap !== null || recentSwings(state, at).length > 0;
}

function isBetween(routes: readonly number[], { from, to }: Pick<Switch, 'from' | 'to'>): boolean {
  return routes.includes(from.id) && routes.includes(to.id);
}

/**
 * Accepts a route at once when it was in use for longer than the one that had become usual: it is
 * the usual route again, and leaving it will be a change.
 */
function acceptImmediately(state: RouteState, event: Switch): RouteEvent[] {
  const { to } = event;
  const usual = state.baselines.find((baseline) => baseline.id === state.usualBaselineId);
  if (event.seenAt === null || usual === undefined || to.explainedTraces <= usual.explainedTraces)
    return [];
  if (isWorse(state, to)) return [];
  state.usualBaselineId = to.id;
  state.open = false;
  return [{ kind: 'accepted', ...event }];
}

/** Notes a trace off the current route: a flap goes on. `at`: epoch seconds. */
export function noteUnrest(state: RouteState, at: number): void {
  if (state.flap === null) return;
  state.flap = { ...state.flap, swungAt: at };
  state.sinceSwitch = 0;
}

/**
 * Ends a flap once a route has held for long enough: the usual one has recovered, another one is a
 * change that lasts.
 */
export function detectFlapEnd(state: RouteState, observation: Observation): RouteEvent[] {
  const current = state.baselines[0] as Baseline;
  if (state.flap === null || state.sinceSwitch < calmTraces) return [];
  if (observation.at - state.flap.swungAt < calmSeconds) return [];
  state.flap = null;
  if (current.id !== state.usualBaselineId) return [];
  state.open = false;
  return [plainEvent('recovered', current, observation)];
}

/** Accepts a changed route that has lasted for long as the usual one, unless it is worse. */
export function acceptLastingRoute(
  state: RouteState,
  observation: Observation,
  { acceptAfterSeconds }: DetectionSettings,
): RouteEvent[] {
  const current = state.baselines[0] as Baseline;
  if (current.id === state.usualBaselineId || state.switchedAt === null || state.flap !== null)
    return [];
  if (observation.at - state.switchedAt < acceptAfterSeconds) return [];
  if (!isOnRoute(state) || isWorse(state, current)) return [];
  state.usualBaselineId = current.id;
  state.open = false;
  return [plainEvent('accepted', current, observation)];
}

/** Whether the route takes longer than the usual one; as reported where times are missing. */
function isWorse(state: RouteState, current: Baseline): boolean {
  const usual = state.baselines.find((baseline) => baseline.id === state.usualBaselineId);
  const before = newestTimes(usual);
  const after = newestTimes(current);
  if (Math.min(before.length, after.length) < minVerdictSamples) return state.worse;
  return assessTimes({ before, after, measuredTo: null }).effect === 'worse';
}

function newestTimes(baseline: Baseline | undefined): number[] {
  return (baseline?.reachedRttsMs ?? []).slice(-verdictSamples);
}

function plainEvent(
  kind: RouteEvent['kind'],
  baseline: Baseline,
  observation: Observation,
): RouteEvent {
  return {
    kind,
    from: baseline,
    to: baseline,
    difference: null,
    after: null,
    by: observation.at,
    observations: [],
    seenAt: null,
  };
}
