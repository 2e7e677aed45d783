import type { RouteState } from '../detectionState.ts';
import type { DeviceTable } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import type { DetectionSettings } from '../settings.ts';
import { assessTimes } from '../verdict.ts';
import type { Baseline } from './baseline.ts';
import { findRouteDifference, type RouteDifference } from './routeDifference.ts';

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

/** Newest times of the old and of the new route that show whether it is worse, and the least. */
const verdictSamples = 12;
const minVerdictSamples = 4;
/** A change within so many traces after a return is flapping. */
export const flapWindow = 36;
/** Traces on one route after which flapping is over. */
const stableAfterTraces = 18;
/** Traces without a swing after which flapping has paused, though it is not over. */
const pauseTraces = 12;
/**
 * Temporary routes of a trace or two, or swings between routes that are not the usual one, that
 * make a flap within `flapWindow`.
 */
const flapTemporaryRoutes = 3;
/** A further switch within so many traces corrects a change: the new route was not yet known. */
const correctionTraces = 6;

/**
 * The events of a switch to another baseline: a change, the way back, or nothing, because it
 * corrects a change or is one more swing of a flap.
 */
export function classifySwitch(
  state: RouteState,
  to: Baseline,
  sinceSwitch: number,
  event: Omit<RouteEvent, 'kind'>,
): RouteEvent[] {
  if (state.flapping) {
    if (!isThirdRoute(state, event)) {
      state.stableTraces = 0;
      return [];
    }
    endFlap(state);
  }
  if (to.id === state.usualBaselineId) {
    if (!state.open) return [];
    state.open = false;
    state.sinceReturn = 0;
    return [{ kind: 'recovered', ...event }];
  }
  const removed = event.difference?.removed ?? [];
  if (state.open && sinceSwitch <= correctionTraces) return [];
  const again =
    state.lastRemoved.some((device) => removed.includes(device)) || event.seenAt !== null;
  const soon = state.sinceReturn !== null && state.sinceReturn <= flapWindow;
  state.lastRemoved = [...removed];
  if ((again && soon) || isSwingBetweenOthers(state, event)) {
    state.flapping = true;
    state.open = true;
    state.stableTraces = 0;
    return [{ kind: 'flap', ...event }];
  }
  state.open = true;
  return [{ kind: 'changed', ...event }, ...acceptImmediately(state, to, event)];
}

/** Whether this is one swing too many between known routes that are not the usual one. */
function isSwingBetweenOthers(state: RouteState, { seenAt }: Omit<RouteEvent, 'kind'>): boolean {
  if (!state.open || seenAt === null) return false;
  state.temporaryRoutes.push(0);
  return state.temporaryRoutes.length >= flapTemporaryRoutes;
}

/**
 * Whether a route that was never seen follows a pause in the flapping: that is no swing any more.
 */
function isThirdRoute(state: RouteState, { seenAt }: Omit<RouteEvent, 'kind'>): boolean {
  return seenAt === null && state.stableTraces >= pauseTraces;
}

/**
 * Accepts a route at once when it was in use for longer than the one that had become usual: it is
 * the usual route again, and leaving it will be a change.
 */
function acceptImmediately(
  state: RouteState,
  to: Baseline,
  event: Omit<RouteEvent, 'kind'>,
): RouteEvent[] {
  const usual = state.baselines.find((baseline) => baseline.id === state.usualBaselineId);
  if (event.seenAt === null || usual === undefined || to.explainedTraces <= usual.explainedTraces)
    return [];
  if (isWorse(state, to)) return [];
  state.usualBaselineId = to.id;
  state.open = false;
  return [{ kind: 'accepted', ...event }];
}

/**
 * Reports flapping when there were too many temporary routes in too few traces, though none of them
 * lasted.
 */
export function detectFlapping(
  state: RouteState,
  current: Baseline,
  last: Observation,
  observations: readonly Observation[],
  table: DeviceTable,
): RouteEvent[] {
  if (state.flapping || state.temporaryRoutes.length < flapTemporaryRoutes) return [];
  state.flapping = true;
  state.open = true;
  state.stableTraces = 0;
  const routeDifference = findRouteDifference(current, observations, table, state.evidence);
  return [{ ...plainEvent('flap', current, last), difference: routeDifference, observations }];
}

/**
 * Ends a flap when the route has held for long enough; the route that holds is the usual one from
 * now on.
 */
export function detectFlapEnd(
  state: RouteState,
  current: Baseline,
  observation: Observation,
): RouteEvent[] {
  if (!state.flapping || ++state.stableTraces < stableAfterTraces) return [];
  endFlap(state);
  state.open = false;
  state.usualBaselineId = current.id;
  return [plainEvent('recovered', current, observation)];
}

function endFlap(state: RouteState): void {
  state.flapping = false;
  state.flaps++;
  state.sinceReturn = null;
}

/** Accepts a changed route that has lasted for long as the usual one, unless it is worse. */
export function acceptLastingRoute(
  state: RouteState,
  observation: Observation,
  { acceptAfterSeconds }: DetectionSettings,
): RouteEvent[] {
  const current = state.baselines[0] as Baseline;
  if (current.id === state.usualBaselineId || state.switchedAt === null || state.flapping)
    return [];
  if (state.explainedAt !== observation.at) return [];
  if (observation.at - state.switchedAt < acceptAfterSeconds) return [];
  if (isWorse(state, current)) return [];
  state.usualBaselineId = current.id;
  state.open = false;
  return [plainEvent('accepted', current, observation)];
}

/** Whether the route takes longer than the usual one; as reported where times are missing. */
function isWorse(state: RouteState, current: Baseline): boolean {
  const usual = state.baselines.find((baseline) => baseline.id === state.usualBaselineId);
  const before = newestTimes(usual);
  const after = newestTimes(current);
  if (Math.min(before.length, after.length) < minVerdictSamples) return state.worse ?? false;
  return assessTimes({ before, after, measuredTo: null }).effect === 'worse';
}

function newestTimes(baseline: Baseline | undefined): number[] {
  return (baseline?.reachedRtts ?? []).slice(-verdictSamples).map(({ ms }) => ms);
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
