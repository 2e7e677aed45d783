import type { NodeTable } from './nodes.ts';
import type { Regime } from './regime.ts';
import { difference, type RouteDifference } from './routeClass.ts';
import type { Sighting } from './sighting.ts';
import type { RouteState } from './state.ts';

/** What the route machine reports. */
export interface RouteEvent {
  readonly kind: 'changed' | 'recovered' | 'flap' | 'accepted';
  readonly from: Regime;
  readonly to: Regime;
  readonly difference: RouteDifference | null;
  /** Last trace of the old and first of the new route. */
  readonly after: number | null;
  readonly by: number;
  readonly sightings: readonly Sighting[];
  /** When the new route was last in use; null when it is new. */
  readonly seenAt: number | null;
}

const acceptSeconds = 86_400;
/** A change this many traces after a return is flapping. */
export const flapWindow = 36;
const calmTraces = 18;
/** Traces without a swing after which flapping has come to rest, though it is not over. */
const restingTraces = 12;
/** Real detours of a trace or two, or swings between routes that are not the usual one, within `flapWindow` that make a flap. */
const flapDetours = 3;
/** A further switch so soon after a change corrects it: the new route was not yet known. */
const correctionTraces = 6;

/** What a switch to another regime means to those who watch: a change, the way back, one more swing of a flap, or nothing. */
export function tellSwitch(
  state: RouteState,
  to: Regime,
  sinceSwitch: number,
  event: Omit<RouteEvent, 'kind'>,
): RouteEvent[] {
  if (state.flapping) {
    if (!isThirdRoute(state, event)) {
      state.calm = 0;
      return [];
    }
    endFlap(state);
  }
  if (to.id === state.base) {
    if (!state.open) return [];
    state.open = false;
    state.sinceReturn = 0;
    return [{ kind: 'recovered', ...event }];
  }
  const removed = event.difference?.removed ?? [];
  if (state.open && sinceSwitch <= correctionTraces) return [];
  const again = state.lastRemoved.some((node) => removed.includes(node)) || event.seenAt !== null;
  const soon = state.sinceReturn !== null && state.sinceReturn <= flapWindow;
  state.lastRemoved = [...removed];
  if ((again && soon) || swingsElsewhere(state, event)) {
    state.flapping = true;
    state.open = true;
    state.calm = 0;
    return [{ kind: 'flap', ...event }];
  }
  state.open = true;
  return [{ kind: 'changed', ...event }, ...settleAtOnce(state, to, event)];
}

/** One more swing to a known route that is not the usual one either, and too many of them. */
function swingsElsewhere(state: RouteState, { seenAt }: Omit<RouteEvent, 'kind'>): boolean {
  if (!state.open || seenAt === null) return false;
  state.detours.push(0);
  return state.detours.length >= flapDetours;
}

/** A route that was never seen, after the flapping had come to rest on another: that is no swing of it any more. */
function isThirdRoute(state: RouteState, { seenAt }: Omit<RouteEvent, 'kind'>): boolean {
  return seenAt === null && state.calm >= restingTraces;
}

/**
 * The test is back on the route that it had held for longer than the one that had become normal: what is usual is that
 * route again, and leaving it will be a change.
 */
function settleAtOnce(
  state: RouteState,
  to: Regime,
  event: Omit<RouteEvent, 'kind'>,
): RouteEvent[] {
  const base = state.regimes.find((regime) => regime.id === state.base);
  if (event.seenAt === null || base === undefined || to.held <= base.held) return [];
  state.base = to.id;
  state.open = false;
  return [{ kind: 'accepted', ...event }];
}

/** Too many short detours in too few traces: the route flaps, though no detour lasted. */
export function restless(
  state: RouteState,
  current: Regime,
  last: Sighting,
  sightings: readonly Sighting[],
  table: NodeTable,
): RouteEvent[] {
  if (state.flapping || state.detours.length < flapDetours) return [];
  state.flapping = true;
  state.open = true;
  state.calm = 0;
  const apart = difference(current, sightings, table);
  return [{ ...plain('flap', current, last), difference: apart, sightings }];
}

/** A flap is over when the route has stayed for long enough; where it stayed is the base from now on. */
export function calm(state: RouteState, current: Regime, sighting: Sighting): RouteEvent[] {
  if (!state.flapping || ++state.calm < calmTraces) return [];
  endFlap(state);
  state.open = false;
  state.base = current.id;
  return [plain('recovered', current, sighting)];
}

function endFlap(state: RouteState): void {
  state.flapping = false;
  state.flaps++;
  state.sinceReturn = null;
}

/** A changed route that has lasted a day is normal. */
export function accept(state: RouteState, current: Regime, sighting: Sighting): RouteEvent[] {
  if (current.id === state.base || state.switchedAt === null || state.flapping) return [];
  if (sighting.at - state.switchedAt < acceptSeconds) return [];
  state.base = current.id;
  state.open = false;
  return [plain('accepted', current, sighting)];
}

function plain(kind: RouteEvent['kind'], regime: Regime, sighting: Sighting): RouteEvent {
  return {
    kind,
    from: regime,
    to: regime,
    difference: null,
    after: null,
    by: sighting.at,
    sightings: [],
    seenAt: null,
  };
}
