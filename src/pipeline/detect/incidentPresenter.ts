import type { IncidentState } from '../../analysis/detection/incidents/incidents.ts';
import { viewIncident } from '../../analysis/detection/incidents/incidentView.ts';
import type { TestEnds } from '../../analysis/detection/incidents/sharedCause.ts';
import { elementOf, findSuspect } from '../../analysis/detection/incidents/suspects.ts';
import type { Incident } from '../../model/incident/incident.ts';
import type { Test } from '../../model/test/test.ts';
import type { StoredIncident } from '../../store/alerts/incidents.ts';
import type { Store } from '../../store/store.ts';
import type { StoredTest } from '../../store/traces/storedTest.ts';
import { createAnswerFinder } from './answerFinder.ts';

/** Turns the state of incidents into the incidents of pages and notifications. */
export interface IncidentPresenter {
  /**
   * An incident at a moment (epoch seconds). Looks for the suspect again if changes have joined, or
   * if the suspect answers.
   */
  present(state: IncidentState, now: number, hasJoined: boolean): Incident;
  /** The incident as last stored; null for a new one. */
  previous(id: string): StoredIncident | null;
}

/** `active`: the incidents that were open until now. */
export function createIncidentPresenter(
  store: Store,
  tests: ReadonlyMap<string, StoredTest>,
  active: readonly StoredIncident[],
): IncidentPresenter {
  const acceptedAt = new Map(store.acceptances.list().map(({ changeId, at }) => [changeId, at]));
  // The recorder changes the stored states in place.
  const previousById = new Map(active.map((each) => [each.incident.id, structuredClone(each)]));
  const answeringIn = createAnswerFinder(store, tests);
  let users: ReadonlyMap<string, ReadonlySet<string>> | null = null;
  return {
    present(recorded, now, hasJoined) {
      const state = withAcceptances(recorded, acceptedAt);
      const previous = previousById.get(state.id)?.incident;
      const answering = answeringIn(state);
      if (previous !== undefined && !hasJoined && !answering.has(elementOf(previous.suspect)))
        return viewIncident(state, previous, now);
      users ??= findCurrentUsers(store, tests);
      const current = users;
      const formerUsers = findFormerUsers(state);
      const suspicion = findSuspect(state, {
        usersOf: (element) =>
          new Set([...(current.get(element) ?? []), ...(formerUsers.get(element) ?? [])]),
        endsOf(id) {
          const test = tests.get(id);
          return test === undefined ? null : endsOf(test);
        },
        answers: (element) => answering.has(element),
      });
      return viewIncident(state, suspicion, now);
    },
    previous: (id) => previousById.get(id) ?? null,
  };
}

function endsOf({ source, destination }: Test): TestEnds {
  return { source: source.name, destination: destination.name };
}

/**
 * Shows what operators have accepted as ended. The grouping itself does not know of it: results may
 * still show the end, and an acceptance may be taken back.
 */
function withAcceptances(
  state: IncidentState,
  acceptedAt: ReadonlyMap<string, number>,
): IncidentState {
  const members = state.members.map((member) => {
    const at = member.closedAt === null ? acceptedAt.get(member.changeId) : undefined;
    return at === undefined ? member : { ...member, closedAt: at, accepted: true };
  });
  return { ...state, members };
}

/** Test ids by each element of their usual route, each host at their ends, and their archive. */
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

/** Test ids of an incident by each element that their changes removed. */
function findFormerUsers({ members, traits }: IncidentState): Map<string, ReadonlySet<string>> {
  const formerUsers = new Map<string, Set<string>>();
  for (const { changeId, testId } of members) {
    for (const element of traits[changeId]?.lost ?? []) addTo(formerUsers, element, testId);
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
