import type { RouteState } from '../detectionState.ts';
import type { DeviceTable } from '../identity/devices.ts';
import type { Observation } from '../observation.ts';
import type { Baseline } from './baseline.ts';
import { findRouteDifference, type RouteDifference } from './routeDifference.ts';

/** What the route machine reports. */
export interface RouteEvent {
  readonly kind: 'changed' | 'recovered' | 'flap' | 'accepted';
  readonly from: Baseline;
  readonly to: Baseline;
  readonly difference: RouteDifference | null;
  /** Last trace of the old and first of the new route. */
  readonly after: number | null;
  readonly by: number;
  readonly observations: readonly Observation[];
  /** When the new route was last in use; null when it is new. */
  readonly seenAt: number | null;
}

const acceptSeconds = 86_400;
/** A change this many traces after a return is flapping. */
export const flapWindow = 36;
const stableAfterTraces = 18;
/** Traces without a swing after which flapping has come to rest, though it is not over. */
const pauseTraces = 12;
/** Real detours of a trace or two, or swings between routes that are not the usual one, within `flapWindow` that make a flap. */
const flapTemporaryRoutes = 3;
/** A further switch so soon after a change corrects it: the new route was not yet known. */
const correctionTraces = 6;

/** What a switch to another regime means to those who watch: a change, the way back, one more swing of a flap, or nothing. */
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

/** One more swing to a known route that is not the usual one either, and too many of them. */
function isSwingBetweenOthers(state: RouteState, { seenAt }: Omit<RouteEvent, 'kind'>): boolean {
  if (!state.open || seenAt === null) return false;
  state.temporaryRoutes.push(0);
  return state.temporaryRoutes.length >= flapTemporaryRoutes;
}

/** A route that was never seen, after the flapping had come to rest on another: that is no swing of it any more. */
function isThirdRoute(state: RouteState, { seenAt }: Omit<RouteEvent, 'kind'>): boolean {
  return seenAt === null && state.stableTraces >= pauseTraces;
}

/**
 * The test is back on the route that it had held for longer than the one that had become normal: what is usual is that
 * route again, and leaving it will be a change.
 */
function acceptImmediately(
  state: RouteState,
  to: Baseline,
  event: Omit<RouteEvent, 'kind'>,
): RouteEvent[] {
  const usual = state.baselines.find((baseline) => baseline.id === state.usualBaselineId);
  if (event.seenAt === null || usual === undefined || to.explainedTraces <= usual.explainedTraces)
    return [];
  state.usualBaselineId = to.id;
  state.open = false;
  return [{ kind: 'accepted', ...event }];
}

/** Too many short detours in too few traces: the route flaps, though no detour lasted. */
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
  const routeDifference = findRouteDifference(current, observations, table);
  return [{ ...plainEvent('flap', current, last), difference: routeDifference, observations }];
}

/** A flap is over when the route has stayed for long enough; where it stayed is the base from now on. */
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

/** A changed route that has lasted a day is normal. */
export function acceptLastingRoute(
  state: RouteState,
  current: Baseline,
  observation: Observation,
): RouteEvent[] {
  if (current.id === state.usualBaselineId || state.switchedAt === null || state.flapping)
    return [];
  if (observation.at - state.switchedAt < acceptSeconds) return [];
  state.usualBaselineId = current.id;
  state.open = false;
  return [plainEvent('accepted', current, observation)];
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
