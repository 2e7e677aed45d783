import type { DetectionState, PendingAlert } from './detectionState.ts';
import type { ReachEvent } from './reachability/reachMachine.ts';
import type { RouteEvent } from './route/routeEvents.ts';

/** An outage of so many traces is reported though the test was flapping. */
const lastingTraces = 18;

/** The state before the first event. */
export function createPendingAlert(): PendingAlert {
  return { open: false, flapping: false };
}

/**
 * Selects the events of a test's machines that are worth reporting: one flap for both of them,
 * silence after it, and one recovery, when all is well again.
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

/** Whether an event is a new route that ends the flapping, or an outage that outlasts it. */
function outlastsFlapping(state: DetectionState, { kind }: RouteEvent | ReachEvent): boolean {
  if (kind === 'unreachable') return isLastingOutage(state);
  return kind === 'changed' && !state.pendingAlert.flapping;
}

/** Whether the outage has outlasted the flapping that it came from. */
function isLastingOutage(state: DetectionState): boolean {
  return state.reach.unreachable && !state.reach.muted && state.reach.outage >= lastingTraces;
}
