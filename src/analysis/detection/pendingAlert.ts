import type { DetectionState, PendingAlert } from './detectionState.ts';
import type { ReachEvent } from './reachability/reachMachine.ts';
import type { RouteEvent } from './route/routeEvents.ts';

/** Nothing has happened yet. */
export function createPendingAlert(): PendingAlert {
  return { open: false, flapping: false };
}

/**
 * What is worth telling of what the machines of one test report: one flap for both of them and silence after it, and one
 * recovery, when all is well again.
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
    case 'accepted': {
      const wasOpen = pendingAlert.open;
      if (isClear) pendingAlert.open = false;
      return isClear && wasOpen;
    }
    case 'changed':
      if (event.difference?.level === 'same_site') return true;
      break;
    default:
  }
  pendingAlert.open = true;
  return !wasFlapping || outlastsFlapping(state, event);
}

/** A new route that ends the flapping, or an outage that outlasts it. */
function outlastsFlapping(state: DetectionState, { kind }: RouteEvent | ReachEvent): boolean {
  if (kind === 'unreachable') return isLastingOutage(state);
  return kind === 'changed' && !state.pendingAlert.flapping;
}

/** An outage that outlasted the flapping it came from. */
function isLastingOutage(state: DetectionState): boolean {
  return state.reach.unreachable && !state.reach.muted && state.reach.outage >= 18;
}
