import type { DemoTest } from './mesh.ts';
import type { PathsBetween } from './routing.ts';
import { normalConditions, type TimedEvent, type Timeline } from './timeline.ts';

/** One thing that the demo's traces show, as told to its readers and to tests. */
export interface DemoEvent {
  readonly kind: TimedEvent['kind'] | 'filtered' | 'prohibited' | 'rate-limited-destination';
  /** The link (`a b` by its routers), the host or the test that it happened to. */
  readonly element: string;
  /** Epoch seconds; `until` is null while it lasts. */
  readonly from: number;
  readonly until: number | null;
  readonly text: string;
  /** Ids of the tests whose results show it. */
  readonly tests: readonly string[];
}

/** All events of the demo, oldest first, each with the tests that show it; what was always so starts at `begin`. */
export function tellStory(
  timeline: Timeline,
  tests: readonly DemoTest[],
  paths: PathsBetween,
  begin: number,
): DemoEvent[] {
  const happened = timeline.events.map((event): DemoEvent => {
    const shows = tests.filter((test) => isShownBy(event, test, paths));
    const element = elementOf(event);
    const { kind, from, until, text } = event;
    return { kind, element, from, until, text, tests: shows.map((test) => test.id) };
  });
  return [...standing(tests, begin), ...happened];
}

function elementOf(event: TimedEvent): string {
  if ('link' in event) return event.link;
  return 'host' in event ? event.host : event.test;
}

function isShownBy(event: TimedEvent, test: DemoTest, paths: PathsBetween): boolean {
  const { id, source, destination, family, tool } = test;
  switch (event.kind) {
    case 'link-failure':
    case 'reroute':
    case 'flap':
    case 'congestion':
      return crosses(test, event.link, paths);
    case 'mtu-drop':
      return tool === 'tracepath' && crosses(test, event.link, paths);
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

function crosses(test: DemoTest, link: string, paths: PathsBetween): boolean {
  const usual = paths(test.source.id, test.destination.id, test.family, normalConditions);
  return usual.some((path) => path.links.includes(link));
}

/** What is peculiar to the mesh throughout. */
function standing(tests: readonly DemoTest[], begin: number): DemoEvent[] {
  const told: DemoEvent[] = [];
  const tell = (
    kind: DemoEvent['kind'],
    element: string,
    text: string,
    shows: DemoTest[],
  ): void => {
    const ids = shows.map((test) => test.id);
    told.push({ kind, element, from: begin, until: null, text, tests: ids });
  };
  for (const site of new Set(tests.map((test) => test.destination))) {
    const incoming = tests.filter((test) => test.destination === site);
    if (site.filtered) {
      tell('filtered', site.id, `The firewall of ${site.host} drops all probes.`, incoming);
    }
    if (site.answers < 0.9) {
      const text = `${site.host} limits its ICMP answers, so it shows up at a varying ttl.`;
      tell('rate-limited-destination', site.id, text, incoming);
    }
    for (const rule of site.prohibits ?? []) {
      const text = `The border of ${site.host} refuses the probes of ${rule.source} with an ICMP error.`;
      const refused = incoming.filter((test) => {
        return test.source.id === rule.source && test.family === rule.family;
      });
      tell('prohibited', site.id, text, refused);
    }
  }
  return told;
}
