import type { DemoTest } from './demoMesh.ts';
import type { RoutesBetween } from './routing.ts';
import { normalConditions, type ScenarioTimeline, type TimedEvent } from './scenarioTimeline.ts';

/** An event that the demo's traces show, for readers and tests. */
export interface DemoEvent {
  readonly kind: TimedEvent['kind'] | 'filtered' | 'prohibited' | 'rate-limited-destination';
  /** The link (`a b` by its routers), host or test that it affects. */
  readonly element: string;
  /** Epoch seconds; `until` is null while it is active. */
  readonly from: number;
  readonly until: number | null;
  readonly text: string;
  /** Ids of the tests whose results show it. */
  readonly tests: readonly string[];
}

/**
 * All events of the demo, oldest first, with the tests that show them. Permanent ones start at
 * `startsAt`.
 */
export function scenarioEvents(
  timeline: ScenarioTimeline,
  tests: readonly DemoTest[],
  routesBetween: RoutesBetween,
  startsAt: number,
): DemoEvent[] {
  const timedEvents = timeline.events.map((event): DemoEvent => {
    const affected = tests.filter((test) => isShownBy(event, test, routesBetween));
    const element = elementOf(event);
    const { kind, from, until, text } = event;
    return { kind, element, from, until, text, tests: affected.map((test) => test.id) };
  });
  return [...permanentEvents(tests, startsAt), ...timedEvents];
}

function elementOf(event: TimedEvent): string {
  if ('link' in event) return event.link;
  return 'host' in event ? event.host : event.test;
}

function isShownBy(event: TimedEvent, test: DemoTest, routesBetween: RoutesBetween): boolean {
  const { id, source, destination, family, tool } = test;
  switch (event.kind) {
    case 'link-failure':
    case 'reroute':
    case 'flap':
    case 'congestion':
      return usesLink(test, event.link, routesBetween);
    case 'mtu-drop':
      return tool === 'tracepath' && usesLink(test, event.link, routesBetween);
    case 'host-down':
      return source.id === event.host || destination.id === event.host;
    case 'family-down':
      return family === event.family && (source.id === event.host || destination.id === event.host);
    case 'source-gap':
    case 'late-results':
      return source.id === event.host;
    default:
      return id === event.test;
  }
}

function usesLink(test: DemoTest, link: string, routesBetween: RoutesBetween): boolean {
  const usual = routesBetween(test.source.id, test.destination.id, test.family, normalConditions);
  return usual.some((route) => route.links.includes(link));
}

/** Permanent peculiarities of the mesh. */
function permanentEvents(tests: readonly DemoTest[], startsAt: number): DemoEvent[] {
  const events: DemoEvent[] = [];
  const addEvent = (
    kind: DemoEvent['kind'],
    element: string,
    text: string,
    affected: DemoTest[],
  ): void => {
    const ids = affected.map((test) => test.id);
    events.push({ kind, element, from: startsAt, until: null, text, tests: ids });
  };
  for (const site of new Set(tests.map((test) => test.destination))) {
    const incoming = tests.filter((test) => test.destination === site);
    if (site.filtered) {
      addEvent('filtered', site.id, `The firewall of ${site.host} drops all probes.`, incoming);
    }
    if (site.answers < 0.9) {
      const text = `${site.host} limits its ICMP answers, so it shows up at a varying ttl.`;
      addEvent('rate-limited-destination', site.id, text, incoming);
    }
    for (const rule of site.prohibits ?? []) {
      const text = `The border of ${site.host} refuses the probes of ${rule.source} with an ICMP error.`;
      const refused = incoming.filter((test) => {
        return test.source.id === rule.source && test.family === rule.family;
      });
      addEvent('prohibited', site.id, text, refused);
    }
  }
  return events;
}
