import {
  type Finding,
  findingTime,
  routeClasses,
  sortFindings,
} from '../../analysis/detection/finding.ts';
import type { IncidentState } from '../../analysis/detection/incidents/incidentMatching.ts';
import {
  acceptTest,
  addChange,
  closeTest,
  type IncidentsState,
  pruneClosed,
} from '../../analysis/detection/incidents/incidents.ts';
import type { Change, ChangeClass } from '../../model/change.ts';
import type { Incident } from '../../model/incident.ts';
import type { Test } from '../../model/test.ts';
import type { StoredIncident } from '../../store/alerts/incidents.ts';
import type { Store } from '../../store/store.ts';
import { createIncidentPresenter, type IncidentPresenter } from './incidentPresenter.ts';

/** Classes that tell of a moment and not of something that lasts: nothing will end them. */
const pointEventClasses: readonly ChangeClass[] = ['same_site', 'new_test'];

/** Incidents while findings are taken into them. */
interface IncidentRecording {
  readonly store: Store;
  readonly tests: ReadonlyMap<string, Test>;
  readonly state: IncidentsState;
  readonly presenter: IncidentPresenter;
  /** Ids of incidents that changes have joined. */
  readonly joinedIds: Set<string>;
}

/**
 * Takes the findings that wait in the store into incidents, in the order of time, and keeps how all incidents that last stand at
 * `now` (epoch seconds). Part of a transaction.
 */
export function recordIncidents(store: Store, now: number): void {
  const active = store.incidents.active();
  const findings = sortFindings(store.detectionStates.pendingFindings() as Finding[]);
  if (active.length === 0 && findings.length === 0) return;
  const state = toIncidentsState(active);
  const tests = new Map(store.tests().map((test) => [test.id, test]));
  const recording: IncidentRecording = {
    store,
    tests,
    state,
    presenter: createIncidentPresenter(store, tests, active),
    joinedIds: new Set(),
  };
  for (const finding of findings) {
    recordExpired(recording, findingTime(finding));
    recordFinding(finding, recording);
  }
  store.detectionStates.clearPendingFindings();
  recordExpired(recording, now);
  for (const incident of state.incidents) recordCurrent(recording, incident, now);
}

function toIncidentsState(active: readonly StoredIncident[]): IncidentsState {
  const incidents = active.map(({ engine }) => engine as IncidentState);
  // In the order in which they began: it decides between incidents that fit a change equally well.
  incidents.sort((a, b) => startOf(a) - startOf(b) || (a.id < b.id ? -1 : 1));
  return { version: 1, incidents, merged: {} };
}

/** When the change was detected that an incident has its name from. */
function startOf({ id, members }: IncidentState): number {
  const first = members.find(({ changeId }) => id.endsWith(changeId));
  return first?.detectedAt ?? 0;
}

/** Nothing can join them any more: they stay as they are seen now. */
function recordExpired(
  { store, state, presenter, joinedIds }: IncidentRecording,
  now: number,
): void {
  for (const incident of pruneClosed(state, now)) {
    const presented = presenter.present(incident, now, joinedIds.has(incident.id));
    store.incidents.put({ incident: presented, engine: null });
  }
}

function recordCurrent(
  { store, presenter, joinedIds }: IncidentRecording,
  state: IncidentState,
  now: number,
): void {
  const before = presenter.previous(state.id);
  const incident = presenter.present(state, now, joinedIds.has(state.id));
  const stored = { incident, engine: state };
  if (before === null || JSON.stringify(before) !== JSON.stringify(stored))
    store.incidents.put(stored);
}

function recordFinding(finding: Finding, recording: IncidentRecording): void {
  if (finding.kind === 'accepted') {
    closeChanges(recording, finding.testId, finding.classes, finding.at, true);
    return;
  }
  if (finding.kind === 'reassessed') {
    recordReassessment(recording, finding);
    return;
  }
  const { change } = finding;
  if (!recording.tests.has(change.testId)) return;
  if (change.class === 'recovered') recordRecovery(recording, change);
  else if (pointEventClasses.includes(change.class)) recordPointEvent(recording, change);
  else joinIncident(recording, finding);
}

/** A change stays what it was, but for its verdict and severity. */
function recordReassessment({ state, store }: IncidentRecording, finding: Finding): void {
  if (finding.kind !== 'reassessed') return;
  const { changeId, severity } = finding;
  store.changes.reassess(changeId, finding);
  for (const incident of state.incidents) {
    incident.members = incident.members.map((each) =>
      each.changeId === changeId ? { ...each, severity } : each,
    );
  }
}

/** The way back is part of the incident that it ends. */
function recordRecovery(recording: IncidentRecording, change: Change): void {
  const { testId, detectedAt: at } = change;
  const isRoute = change.closes.some((changeClass) => routeClasses.includes(changeClass));
  const closes = isRoute ? [...change.closes, ...routeClasses] : change.closes;
  const [incidentId = null] = closeChanges(recording, testId, closes, at, false);
  recording.store.changes.add({ change, incidentId, closedAt: at, accepted: false });
}

/** Ends what a test has open of some classes; returns the ids of the incidents concerned. */
function closeChanges(
  { state, store }: IncidentRecording,
  testId: string,
  classes: readonly ChangeClass[],
  at: number,
  accepted: boolean,
): string[] {
  const endChanges = accepted ? acceptTest : closeTest;
  const affected = endChanges(state, testId, at, classes);
  for (const { members } of affected) {
    const closed = members.filter(
      (each) => each.testId === testId && each.closedAt === at && classes.includes(each.class),
    );
    for (const { changeId } of closed) store.changes.close(changeId, at, accepted);
  }
  return affected.map(({ id }) => id);
}

function joinIncident(
  { state, store, tests, joinedIds }: IncidentRecording,
  finding: Finding,
): void {
  if (finding.kind !== 'change') return;
  const { change, elements } = finding;
  const { source, destination } = tests.get(change.testId) as Test;
  const ends = { source: source.name, destination: destination.name };
  const known = new Set(state.incidents.map(({ id }) => id));
  const id = addChange(state, withElements(change, elements), ends);
  joinedIds.add(id);
  store.changes.add({ change, incidentId: id, closedAt: null, accepted: false });
  for (const other of known) {
    if (state.merged[other] === undefined) continue;
    store.incidents.merge(other, id);
    store.changes.reassign(other, id);
    delete state.merged[other];
  }
}

function withElements(change: Change, elements: readonly string[]): Change {
  if (elements.length === 0) return change;
  return { ...change, evidence: { ...change.evidence, removed: elements } };
}

/** An incident of its own, over as soon as it is told. */
function recordPointEvent({ store }: IncidentRecording, change: Change): void {
  const { id: changeId, testId, class: changeClass, severity, detectedAt: at, onset } = change;
  const { after, by } = onset;
  const incident: Incident = {
    id: `incident-${changeId}`,
    members: [
      {
        ...{ changeId, testId, class: changeClass, severity },
        ...{ detectedAt: at, after: after ?? by, by, closedAt: at },
      },
    ],
    status: 'recovered',
    severity,
    from: by,
    to: at,
    suspect: { kind: 'unknown', name: '' },
    tests: [testId],
    unaffectedTests: [],
  };
  store.changes.add({ change, incidentId: incident.id, closedAt: at, accepted: true });
  store.incidents.put({ incident, engine: null });
}
