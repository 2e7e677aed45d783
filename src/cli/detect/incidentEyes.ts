import { elementsOf } from '../../analysis/detection/incidentElements.ts';
import type { IncidentState } from '../../analysis/detection/incidentMatching.ts';
import { viewIncident } from '../../analysis/detection/incidentView.ts';
import type { Incident } from '../../model/incident.ts';
import type { Test } from '../../model/test.ts';
import type { KeptIncident } from '../../store/incidents.ts';
import type { Store } from '../../store/store.ts';

/** How incidents look to people. */
export interface IncidentEyes {
  /** An incident at a moment (epoch seconds). Its suspect is looked for anew where changes have joined it. */
  see(state: IncidentState, now: number, hasJoined: boolean): Incident;
  /** As it was kept before; null for one that is new. */
  before(id: string): KeptIncident | null;
}

/** Opens the eyes on the incidents of a store. `kept`: those that lasted until now. */
export function incidentEyes(
  store: Store,
  tests: ReadonlyMap<string, Test>,
  kept: readonly KeptIncident[],
): IncidentEyes {
  // What is kept is changed in memory.
  const known = new Map(kept.map((each) => [each.incident.id, structuredClone(each)]));
  let users: ReadonlyMap<string, ReadonlySet<string>> | null = null;
  return {
    see(state, now, hasJoined) {
      const before = known.get(state.id)?.incident;
      if (before !== undefined && !hasJoined) {
        const { suspect, unaffected } = before;
        return { ...viewIncident(state, () => new Set(), now), suspect, unaffected };
      }
      users ??= currentUsers(store, tests);
      const current = users;
      const lost = losersOf(store, state, tests);
      const usersOf = (element: string) =>
        new Set([...(current.get(element) ?? []), ...(lost.get(element) ?? [])]);
      return viewIncident(state, usersOf, now);
    },
    before: (id) => known.get(id) ?? null,
  };
}

/** Tests by what their usual route passes, by the hosts at their ends, and by archive. */
function currentUsers(
  store: Store,
  tests: ReadonlyMap<string, Test>,
): Map<string, ReadonlySet<string>> {
  const users = new Map<string, Set<string>>();
  for (const [id, elements] of store.detections.elements()) {
    const test = tests.get(id);
    const own = test === undefined ? [] : [...endsOf(test), `archive ${test.archive}`];
    for (const element of [...elements, ...own]) addTo(users, element, id);
  }
  return users;
}

/** Tests of an incident by what their changes took away. */
function losersOf(
  store: Store,
  state: IncidentState,
  tests: ReadonlyMap<string, Test>,
): Map<string, ReadonlySet<string>> {
  const lost = new Map<string, Set<string>>();
  for (const { change } of store.changes.ofIncident(state.id)) {
    const test = tests.get(change.testId);
    if (test === undefined) continue;
    const ends = { source: test.source.name, destination: test.destination.name };
    for (const element of elementsOf(change, ends).left) addTo(lost, element, test.id);
  }
  return lost;
}

function endsOf({ source, destination }: Test): string[] {
  return [`host ${source.name}`, `host ${destination.name}`];
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set();
  set.add(value);
  sets.set(key, set);
}
