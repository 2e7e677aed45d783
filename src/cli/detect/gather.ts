import type { IncidentState } from '../../analysis/detection/incidentMatching.ts';
import {
  acceptTest,
  addChange,
  closeTest,
  forgetClosed,
  type IncidentsState,
} from '../../analysis/detection/incidents.ts';
import type { Change, ChangeClass } from '../../model/change.ts';
import type { Incident } from '../../model/incident.ts';
import type { Test } from '../../model/test.ts';
import type { KeptIncident } from '../../store/incidents.ts';
import type { Store } from '../../store/store.ts';
import { atOf, type Finding, inOrder, routeClasses } from './finding.ts';
import { type IncidentEyes, incidentEyes } from './incidentEyes.ts';

/** Classes that tell of a moment and not of something that lasts: nothing will end them. */
const momentary: readonly ChangeClass[] = ['same_site', 'new_test'];

/** Incidents while findings are taken into them. */
interface Gathering {
  readonly store: Store;
  readonly tests: ReadonlyMap<string, Test>;
  readonly state: IncidentsState;
  readonly eyes: IncidentEyes;
  /** Ids of incidents that changes have joined. */
  readonly touched: Set<string>;
}

/**
 * Takes the findings that wait in the store into incidents, in the order of time, and keeps how all incidents that last stand at
 * `now` (epoch seconds). Part of a transaction.
 */
export function gatherFindings(store: Store, now: number): void {
  const kept = store.incidents.active();
  const findings = inOrder(store.detections.queued() as Finding[]);
  if (kept.length === 0 && findings.length === 0) return;
  const state = stateOf(kept);
  const tests = new Map(store.tests().map((test) => [test.id, test]));
  const gathering: Gathering = {
    store,
    tests,
    state,
    eyes: incidentEyes(store, tests, kept),
    touched: new Set(),
  };
  for (const finding of findings) {
    keepForgotten(gathering, atOf(finding));
    take(finding, gathering);
  }
  store.detections.clearQueue();
  keepForgotten(gathering, now);
  for (const incident of state.incidents) keepSeen(gathering, incident, now);
}

function stateOf(kept: readonly KeptIncident[]): IncidentsState {
  const incidents = kept.map(({ engine }) => engine as IncidentState);
  // In the order in which they began: it decides between incidents that fit a change equally well.
  incidents.sort((a, b) => beginOf(a) - beginOf(b) || (a.id < b.id ? -1 : 1));
  return { version: 1, incidents, merged: {} };
}

/** When the change was detected that an incident has its name from. */
function beginOf({ id, members }: IncidentState): number {
  const first = members.find(({ changeId }) => id.endsWith(changeId));
  return first?.detectedAt ?? 0;
}

/** Nothing can join them any more: they stay as they are seen now. */
function keepForgotten({ store, state, eyes, touched }: Gathering, now: number): void {
  for (const incident of forgetClosed(state, now)) {
    const seen = eyes.see(incident, now, touched.has(incident.id));
    store.incidents.put({ incident: seen, engine: null });
  }
}

function keepSeen({ store, eyes, touched }: Gathering, state: IncidentState, now: number): void {
  const before = eyes.before(state.id);
  const incident = eyes.see(state, now, touched.has(state.id));
  const kept = { incident, engine: state };
  if (before === null || JSON.stringify(before) !== JSON.stringify(kept)) store.incidents.put(kept);
}

function take(finding: Finding, gathering: Gathering): void {
  if (finding.kind === 'accepted') {
    close(gathering, finding.testId, finding.classes, finding.at, true);
    return;
  }
  if (finding.kind === 'judged') {
    judge(gathering, finding);
    return;
  }
  const { change } = finding;
  if (!gathering.tests.has(change.testId)) return;
  if (change.class === 'recovered') recover(gathering, change);
  else if (momentary.includes(change.class)) keepMoment(gathering, change);
  else join(gathering, finding);
}

/** A change stays what it was, but for its verdict and severity. */
function judge({ state, store }: Gathering, finding: Finding): void {
  if (finding.kind !== 'judged') return;
  const { changeId, severity } = finding;
  store.changes.judge(changeId, finding);
  for (const incident of state.incidents) {
    incident.members = incident.members.map((each) =>
      each.changeId === changeId ? { ...each, severity } : each,
    );
  }
}

/** The way back is part of the incident that it ends. */
function recover(gathering: Gathering, change: Change): void {
  const { testId, detectedAt: at } = change;
  const isRoute = change.closes.some((kind) => routeClasses.includes(kind));
  const closes = isRoute ? [...change.closes, ...routeClasses] : change.closes;
  const [incidentId = null] = close(gathering, testId, closes, at, false);
  gathering.store.changes.add({ change, incidentId, closedAt: at, accepted: false });
}

/** Ends what a test has open of some classes; returns the ids of the incidents concerned. */
function close(
  { state, store }: Gathering,
  testId: string,
  classes: readonly ChangeClass[],
  at: number,
  accepted: boolean,
): string[] {
  const end = accepted ? acceptTest : closeTest;
  const concerned = end(state, testId, at, classes);
  for (const { members } of concerned) {
    const closed = members.filter(
      (each) => each.testId === testId && each.closedAt === at && classes.includes(each.class),
    );
    for (const { changeId } of closed) store.changes.close(changeId, at, accepted);
  }
  return concerned.map(({ id }) => id);
}

function join({ state, store, tests, touched }: Gathering, finding: Finding): void {
  if (finding.kind !== 'change') return;
  const { change, elements } = finding;
  const { source, destination } = tests.get(change.testId) as Test;
  const ends = { source: source.name, destination: destination.name };
  const known = new Set(state.incidents.map(({ id }) => id));
  const id = addChange(state, withElements(change, elements), ends);
  touched.add(id);
  store.changes.add({ change, incidentId: id, closedAt: null, accepted: false });
  for (const other of known) {
    if (state.merged[other] === undefined) continue;
    store.incidents.merge(other, id);
    store.changes.move(other, id);
    delete state.merged[other];
  }
}

function withElements(change: Change, elements: readonly string[]): Change {
  if (elements.length === 0) return change;
  return { ...change, evidence: { ...change.evidence, left: elements } };
}

/** An incident of its own, over as soon as it is told. */
function keepMoment({ store }: Gathering, change: Change): void {
  const { id: changeId, testId, class: kind, severity, detectedAt: at, onset } = change;
  const { after, by } = onset;
  const incident: Incident = {
    id: `incident-${changeId}`,
    members: [
      {
        ...{ changeId, testId, class: kind, severity },
        ...{ detectedAt: at, after: after ?? by, by, closedAt: at },
      },
    ],
    course: 'recovered',
    severity,
    from: by,
    to: at,
    suspect: { kind: 'unknown', name: '' },
    tests: [testId],
    unaffected: [],
  };
  store.changes.add({ change, incidentId: incident.id, closedAt: at, accepted: true });
  store.incidents.put({ incident, engine: null });
}
