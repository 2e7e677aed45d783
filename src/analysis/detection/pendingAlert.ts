import type { DetectionState, PendingAlert } from './detectionState.ts';
import { lastingTraces, type ReachEvent } from './reachability/reachMachine.ts';
import type { RouteEvent } from './route/routeEvents.ts';

/** The state before the first event. */
export function createPendingAlert(): PendingAlert {
  return { open: false, flapping: false, outage: false };
}

/**
 * Selects the events of a test's machines that are worth reporting: one flap for both of them,
 * silence after it, and one recovery when no change is open any more.
 */
export function selectReportable(
  state: DetectionState,
  events: readonly (RouteEvent | ReachEvent)[],
): (RouteEvent | ReachEvent)[] {
  const reportable: (RouteEvent | ReachEvent)[] = [];
  for (const event of events) if (isReportable(state, event)) reportable.push(event);
  return reportable;
}

function isReportable(state: DetectionState, event: RouteEvent | ReachEvent): boolean {
  const { pendingAlert, reach, route } = state;
  const wasFlapping = pendingAlert.flapping;
  pendingAlert.flapping = route.flapping || reach.muted;
  const isClear = !route.open && !reach.unreachable && !pendingAlert.flapping;
  switch (event.kind) {
    case 'recovered':
    case 'accepted':
      return isClear ? closeAlert(state) : endOutage(state);
    case 'changed':
      if (event.difference?.level === 'same_site') return true;
      break;
    default:
  }
  const isRepeated = event.kind === 'unreachable' && hasReportedOutage(state);
  const isWorthReporting = !isRepeated && (!wasFlapping || outlastsFlapping(state, event));
  pendingAlert.open = true;
  if (event.kind === 'unreachable') pendingAlert.outage = isRepeated || isWorthReporting;
  return isWorthReporting;
}

/** Closes the alert of a recovered test. Returns whether one was open. */
function closeAlert({ pendingAlert }: DetectionState): boolean {
  const wasOpen = pendingAlert.open;
  pendingAlert.open = false;
  pendingAlert.outage = false;
  return wasOpen;
}

/**
 * The destination answers again, though over a changed route: the alert stays open. Returns whether
 * it had reported the outage.
 */
function endOutage(state: DetectionState): boolean {
  if (state.reach.unreachable || !hasReportedOutage(state)) return false;
  state.pendingAlert.outage = false;
  return true;
}

/** Whether the open alert reported an outage that had not ended before this trace. */
export function hasReportedOutage({ pendingAlert, reach }: DetectionState): boolean {
  return pendingAlert.outage ?? (pendingAlert.open && reach.unreachable);
}

/** Whether an event is a new route that ends the flapping, or an outage that outlasts it. */
function outlastsFlapping(state: DetectionState, { kind }: RouteEvent | ReachEvent): boolean {
  if (kind === 'unreachable') return isLastingOutage(state);
  return kind === 'changed' && !state.pendingAlert.flapping;
}

/** Whether the outage has outlasted the flapping that it came from. */
function isLastingOutage(state: DetectionState): boolean {
  return state.reach.unreachable && !state.reach.muted && state.reach.outage >= lastingTraces;
}
