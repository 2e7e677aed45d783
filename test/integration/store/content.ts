import type { Store } from '../../../src/store/store.ts';
import type { StoredTest } from '../../../src/store/traces/storedTest.ts';
import { midnight } from './samples.ts';

const always = { from: 0, to: 2 ** 40 };

/** Fixtures of earlier layouts lack the content that later ones added. */
function unlessEmpty<Each>(list: readonly Each[]): readonly Each[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** A key as earlier layouts stored it, too. */
function descriptionOf(stored: StoredTest): object {
  const { sameAs, firstTraceAt, watchedSince, plannedAt, retired, isScheduled, ...rest } = stored;
  return rest;
}

/** What else is stored of a key: which test it names, and whether that belongs to the mesh. */
function nameOf({ id, sameAs, plannedAt, retired }: StoredTest): object[] {
  const isKnown = sameAs !== null || plannedAt !== null || retired !== null;
  return isKnown ? [{ id, sameAs, plannedAt, retired }] : [];
}

/** All content of a store, in the form of the JSON fixtures. */
export function contentOf(store: Store): Record<string, unknown> {
  const ids = store.tests().map((each) => each.id);
  const ofEach = <T>(look: (id: string) => T) =>
    Object.fromEntries(ids.map((id) => [id, look(id)]));
  const archives = new Set(store.tests().map((each) => each.archive));
  return {
    tests: store.tests().map(descriptionOf),
    names: unlessEmpty(store.tests().flatMap(nameOf)),
    traces: ofEach((id) => store.traces(id, always)),
    failures: ofEach((id) => store.failures(id, always)),
    missing: ofEach((id) =>
      store.missingIntervals(id, { from: midnight - 3600, to: midnight + 90_000 }, 7200),
    ),
    responders: [...store.responders().merged().values()],
    dueNames: store.dueLookups('name', store.responders().merged().keys(), midnight),
    dueSystems: store.dueLookups('as', store.responders().merged().keys(), midnight + 10 * 86_400),
    listedUntil: Object.fromEntries([...archives].map((id) => [id, store.listedUntil(id)])),
    readers: unlessEmpty([...archives].flatMap((id) => store.archiveReaders.find(id) ?? [])),
    takenFiles: unlessEmpty([...store.ingestedFiles()]),
    runs: store.runs(10),
    history: ofEach((id) => store.routeHistory(id, midnight + 10 * 86_400, 100)),
    detections: ofEach((id) => store.detectionStates.load(id)),
    late: unlessEmpty(
      ids.flatMap((id) => {
        const from = store.lateArrivals.lateFrom(id);
        return from === null ? [] : [[id, from]];
      }),
    ),
    past: unlessEmpty(
      ids.flatMap((id) => store.lateArrivals.checkpoints(id).map((past) => ({ id, ...past }))),
    ),
    watchedSince: Object.fromEntries(store.detectionStates.watchedSince()),
    policies: ofEach((id) => store.detectionStates.policyState(id)),
    mesh: store.detectionStates
      .meshStateNames()
      .map((name) => [name, store.detectionStates.meshState(name)]),
    findings: store.detectionStates.pendingFindings(),
    changes: store.changes.since(0),
    incidents: store.incidents.all(),
    mergedIncidents: store.incidents.mergedIds(),
    silences: store.silences.list(),
    acknowledgements: store.acknowledgements.list(),
    acceptances: unlessEmpty(store.acceptances.list()),
    metrics: unlessEmpty(ids.flatMap((id) => store.metrics.ofTest([id], 0))),
    pastPlans: unlessEmpty([...store.pastVersions.at('plan', 0)]),
    messages: store.outbox.all(),
  };
}
