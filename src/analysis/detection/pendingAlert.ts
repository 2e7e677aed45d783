import type { DetectionState, PendingAlert } from './detectionState.ts';
import type { ReachEvent } from './reachability/reachMachine.ts';
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
  pendingAlert.flapping = route.flap !== null || reach.muted;
  const isClear = !route.open && !reach.unreachable && !pendingAlert.flapping;
  if (event.kind === 'recovered' || event.kind === 'accepted')
    return isClear ? closeAlert(state) : endOutage(state);
  if (event.kind === 'changed' && event.difference?.level === 'same_site') return true;
  pendingAlert.open = true;
  if (event.kind !== 'unreachable') return event.kind !== 'flap' || !wasFlapping;
  const isRepeated = hasReportedOutage(state);
  pendingAlert.outage = true;
  return !isRepeated;
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
