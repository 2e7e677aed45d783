import { elementsOf } from '../../analysis/detection/incidents/incidentElements.ts';
import type { IncidentState } from '../../analysis/detection/incidents/incidentMatching.ts';
import { viewIncident } from '../../analysis/detection/incidents/incidentView.ts';
import type { Incident } from '../../model/incident.ts';
import type { Test } from '../../model/test.ts';
import type { StoredIncident } from '../../store/alerts/incidents.ts';
import type { Store } from '../../store/store.ts';

/** How incidents look to people. */
export interface IncidentPresenter {
  /** An incident at a moment (epoch seconds). Its suspect is looked for anew where changes have joined it. */
  present(state: IncidentState, now: number, hasJoined: boolean): Incident;
  /** As it was kept before; null for one that is new. */
  previous(id: string): StoredIncident | null;
}

/** Opens the eyes on the incidents of a store. `kept`: those that lasted until now. */
export function createIncidentPresenter(
  store: Store,
  tests: ReadonlyMap<string, Test>,
  active: readonly StoredIncident[],
): IncidentPresenter {
  // What is kept is changed in memory.
  const previousById = new Map(active.map((each) => [each.incident.id, structuredClone(each)]));
  let users: ReadonlyMap<string, ReadonlySet<string>> | null = null;
  return {
    present(state, now, hasJoined) {
      const previous = previousById.get(state.id)?.incident;
      if (previous !== undefined && !hasJoined) {
        const { suspect, unaffectedTests } = previous;
        return { ...viewIncident(state, () => new Set(), now), suspect, unaffectedTests };
      }
      users ??= findCurrentUsers(store, tests);
      const current = users;
      const formerUsers = findFormerUsers(store, state, tests);
      const usersOf = (element: string) =>
        new Set([...(current.get(element) ?? []), ...(formerUsers.get(element) ?? [])]);
      return viewIncident(state, usersOf, now);
    },
    previous: (id) => previousById.get(id) ?? null,
  };
}

/** Tests by what their usual route passes, by the hosts at their ends, and by archive. */
function findCurrentUsers(
  store: Store,
  tests: ReadonlyMap<string, Test>,
): Map<string, ReadonlySet<string>> {
  const users = new Map<string, Set<string>>();
  for (const [id, elements] of store.detectionStates.elements()) {
    const test = tests.get(id);
    const own = test === undefined ? [] : [...endpointElements(test), `archive ${test.archive}`];
    for (const element of [...elements, ...own]) addTo(users, element, id);
  }
  return users;
}

/** Tests of an incident by what their changes took away. */
function findFormerUsers(
  store: Store,
  state: IncidentState,
  tests: ReadonlyMap<string, Test>,
): Map<string, ReadonlySet<string>> {
  const formerUsers = new Map<string, Set<string>>();
  for (const { change } of store.changes.ofIncident(state.id)) {
    const test = tests.get(change.testId);
    if (test === undefined) continue;
    const ends = { source: test.source.name, destination: test.destination.name };
    for (const element of elementsOf(change, ends).removed) addTo(formerUsers, element, test.id);
  }
  return formerUsers;
}

function endpointElements({ source, destination }: Test): string[] {
  return [`host ${source.name}`, `host ${destination.name}`];
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const set = sets.get(key) ?? new Set();
  set.add(value);
  sets.set(key, set);
}
