import type { ReachEvent } from './reachMachine.ts';
import type { RouteEvent } from './routeEvents.ts';
import type { Episode, TestState } from './state.ts';

/** Nothing has happened yet. */
export function createEpisode(): Episode {
  return { open: false, flapping: false };
}

/**
 * What is worth telling of what the machines of one test report: one flap for both of them and silence after it, and one
 * recovery, when all is well again.
 */
export function tellOnce(
  state: TestState,
  events: readonly (RouteEvent | ReachEvent)[],
): (RouteEvent | ReachEvent)[] {
  const told: (RouteEvent | ReachEvent)[] = [];
  for (const event of events) if (isNews(state, event)) told.push(event);
  return told;
}

function isNews(state: TestState, event: RouteEvent | ReachEvent): boolean {
  const { episode, reach, route } = state;
  const wasFlapping = episode.flapping;
  episode.flapping = route.flapping || reach.muted;
  const clear = !route.open && !reach.unreachable && !episode.flapping;
  switch (event.kind) {
    case 'recovered':
    case 'accepted': {
      const wasOpen = episode.open;
      if (clear) episode.open = false;
      return clear && wasOpen;
    }
    case 'changed':
      if (event.difference?.level === 'same_site') return true;
      break;
    default:
  }
  episode.open = true;
  return !wasFlapping || outlives(state, event);
}

/** A new route that ends the flapping, or an outage that outlasts it. */
function outlives(state: TestState, { kind }: RouteEvent | ReachEvent): boolean {
  if (kind === 'unreachable') return isLasting(state);
  return kind === 'changed' && !state.episode.flapping;
}

/** An outage that outlasted the flapping it came from. */
function isLasting(state: TestState): boolean {
  return state.reach.unreachable && !state.reach.muted && state.reach.outage >= 18;
}
