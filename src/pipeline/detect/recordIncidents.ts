import { type Finding, findingTime } from '../../analysis/detection/finding.ts';
import {
  acceptTest,
  addChange,
  closeTest,
  type IncidentState,
  type IncidentsState,
  incidentIdOf,
  pruneClosed,
} from '../../analysis/detection/incidents/incidents.ts';
import { restoreIncident } from '../../analysis/detection/incidents/restoreIncident.ts';
import { severityOf } from '../../analysis/detection/severity.ts';
import { type Change, type ChangeClass, pointEventClasses } from '../../model/change/change.ts';
import type { Incident } from '../../model/incident/incident.ts';
import type { StoredIncident } from '../../store/alerts/incidents.ts';
import type { Store } from '../../store/store.ts';
import type { StoredTest } from '../../store/traces/storedTest.ts';
import { testsById } from '../knownTests.ts';
import { gradePendingFindings } from './gradePendingFindings.ts';
import { createIncidentPresenter, type IncidentPresenter } from './incidentPresenter.ts';

type ChangeFinding = Extract<Finding, { kind: 'change' }>;
type EndFinding = Extract<Finding, { classes: readonly ChangeClass[] }>;
type RevisedFinding = Extract<Finding, { changeId: string }>;

/**
 * Grades the pending findings, records them in incidents in the order of time, and updates all open
 * incidents as of `now` (epoch seconds). Part of a transaction.
 */
export function recordIncidents(store: Store, now: number): void {
  const active = store.incidents.active();
  const findings = gradePendingFindings(store);
  if (active.length === 0 && findings.length === 0) return;
  const recorder = new IncidentRecorder(store, active, now);
  for (const finding of findings) recorder.record(finding);
  store.detectionStates.clearPendingFindings();
  recorder.finish(now);
}

/** Updates all open incidents as of `now` (epoch seconds), such as after an acceptance. */
export function updateIncidents(store: Store, now: number): void {
  new IncidentRecorder(store, store.incidents.active(), now).finish(now);
}

class IncidentRecorder {
  readonly #store: Store;
  readonly #now: number;
  readonly #tests: ReadonlyMap<string, StoredTest>;
  readonly #state: IncidentsState;
  readonly #presenter: IncidentPresenter;
  /** Ids of incidents that changes have joined. */
  readonly #joined = new Set<string>();

  /** `now`: epoch seconds. */
  constructor(store: Store, active: readonly StoredIncident[], now: number) {
    this.#store = store;
    this.#now = now;
    this.#tests = testsById(store.tests());
    this.#presenter = createIncidentPresenter(store, this.#tests, active);
    this.#state = { incidents: sortByStart(active), merged: {} };
  }

  record(finding: Finding): void {
    this.#storeExpired(findingTime(finding));
    switch (finding.kind) {
      case 'accepted':
      case 'withdrawn':
        this.#end(finding);
        break;
      case 'regraded':
      case 'reassessed':
        this.#revise(finding);
        break;
      case 'change':
        if (this.#tests.has(finding.change.testId)) this.#recordChange(finding);
    }
  }

  /** Stores how all incidents are at `now` (epoch seconds). */
  finish(now: number): void {
    this.#storeExpired(now);
    for (const state of this.#state.incidents) {
      const stored = { incident: this.#present(state, now), engine: state };
      const previous = this.#presenter.previous(state.id);
      if (previous === null || JSON.stringify(previous) !== JSON.stringify(stored))
        this.#put(stored);
    }
  }

  /** Stores the final form of incidents that no change can join any more. */
  #storeExpired(now: number): void {
    for (const state of pruneClosed(this.#state, now)) {
      this.#put({ incident: this.#present(state, now), engine: null });
    }
  }

  #put(stored: StoredIncident): void {
    const { incident } = stored;
    const previous = this.#presenter.previous(incident.id)?.incident;
    if (JSON.stringify(previous) !== JSON.stringify(incident)) this.#retainPrevious(incident.id);
    this.#store.incidents.put(stored);
  }

  /** Retains an incident as earlier runs showed it. */
  #retainPrevious(id: string): void {
    const previous = this.#presenter.previous(id);
    if (previous !== null) this.#retain(id, previous.incident);
  }

  /** `incident`: null if earlier runs knew none with this id. */
  #retain(id: string, incident: Incident | null): void {
    this.#store.pastVersions.retain('incident', id, incident, this.#now);
  }

  #present(state: IncidentState, now: number): Incident {
    return this.#presenter.present(state, now, this.#joined.has(state.id));
  }

  #recordChange(finding: ChangeFinding): void {
    const { change } = finding;
    if (change.class === 'recovered') this.#recover(change);
    else if (pointEventClasses.includes(change.class)) this.#recordPointEvent(change);
    else this.#join(finding);
  }

  /** Ends the open changes of a test in some classes. */
  #end(finding: EndFinding): void {
    const { testId, classes, at } = finding;
    const end = finding.kind === 'accepted' ? acceptTest : closeTest;
    this.#closeChanges(end(this.#state, testId, at, classes), finding);
  }

  /** Revises a change, and its severity with it. */
  #revise(finding: RevisedFinding): void {
    const { changeId } = finding;
    const revised = this.#store.changes.revise(changeId, (change) => {
      this.#store.pastVersions.retain('change', changeId, change, findingTime(finding));
      return revisionOf(change, finding);
    });
    if (revised === null) return;
    for (const incident of this.#state.incidents) {
      incident.members = incident.members.map((each) =>
        each.changeId === changeId ? { ...each, severity: revised.severity } : each,
      );
    }
  }

  /** Closes the changes that the recovery ends, and adds the recovery to the same incident. */
  #recover(change: Change): void {
    const { testId, detectedAt: at, closes: classes } = change;
    const affected = closeTest(this.#state, testId, at, classes);
    this.#closeChanges(affected, { kind: 'withdrawn', testId, classes, at });
    const incidentId = affected[0]?.id ?? null;
    this.#store.changes.add({ change, incidentId, closedAt: at, accepted: false });
  }

  #closeChanges(
    affected: readonly IncidentState[],
    { kind, testId, classes, at }: EndFinding,
  ): void {
    for (const member of affected.flatMap(({ members }) => members)) {
      if (member.testId !== testId || member.closedAt !== at) continue;
      if (classes.includes(member.class))
        this.#store.changes.close(member.changeId, at, kind === 'accepted');
    }
  }

  /** Adds a change to the incident it belongs to, and merges incidents that turn out to be one. */
  #join({ change, elements }: ChangeFinding): void {
    const { source, destination } = this.#tests.get(change.testId) as StoredTest;
    const ends = { source: source.name, destination: destination.name };
    const { id, closedAt } = addChange(this.#state, withElements(change, elements), ends);
    this.#joined.add(id);
    this.#store.changes.add({ change, incidentId: id, closedAt, accepted: false });
    for (const [other, into] of Object.entries(this.#state.merged)) {
      this.#retainPrevious(other);
      // It takes over older changes, which earlier runs showed under the other id.
      if (this.#presenter.previous(into) === null && this.#presenter.previous(other) !== null)
        this.#retain(into, null);
      this.#store.incidents.merge(other, into);
      this.#store.changes.reassign(other, into);
      delete this.#state.merged[other];
    }
  }

  /** Stores a separate incident that has already ended. */
  #recordPointEvent(change: Change): void {
    const { id: changeId, testId, class: changeClass, severity, detectedAt, onset } = change;
    const { after, by } = onset;
    const incident: Incident = {
      id: incidentIdOf(changeId),
      members: [
        {
          changeId,
          testId,
          class: changeClass,
          severity,
          detectedAt,
          after: after ?? by,
          by,
          closedAt: detectedAt,
        },
      ],
      status: 'recovered',
      severity,
      from: by,
      to: detectedAt,
      suspect: { kind: 'unknown', name: '' },
      tests: [testId],
      unaffectedTests: [],
    };
    const incidentId = incident.id;
    this.#store.changes.add({ change, incidentId, closedAt: detectedAt, accepted: true });
    this.#store.incidents.put({ incident, engine: null });
  }
}

/**
 * The order in which the incidents began; it decides between incidents that fit a change equally
 * well.
 */
function sortByStart(active: readonly StoredIncident[]): IncidentState[] {
  return active
    .map(({ engine }) => restoreIncident(engine))
    .sort((a, b) => startOf(a) - startOf(b) || (a.id < b.id ? -1 : 1));
}

/** Detection time of the change that named the incident. */
function startOf({ id, members }: IncidentState): number {
  return members.find(({ changeId }) => incidentIdOf(changeId) === id)?.detectedAt ?? 0;
}

function revisionOf(change: Change, finding: RevisedFinding): Change {
  const { at: reassessedAt } = finding;
  const revised: Change =
    finding.kind === 'reassessed'
      ? { ...change, verdict: finding.verdict, reassessedAt }
      : { ...change, confidence: finding.confidence, grading: finding.grading };
  return { ...revised, severity: severityOf(revised) };
}

function withElements(change: Change, elements: readonly string[]): Change {
  if (elements.length === 0) return change;
  return { ...change, evidence: { ...change.evidence, removed: elements } };
}
