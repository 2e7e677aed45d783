import { type Change, worstSeverity } from '../../model/change/change.ts';
import { type Incident, isOver } from '../../model/incident/incident.ts';
import {
  createKnownResponders,
  type KnownResponders,
  statementId,
} from '../../model/trace/knownResponders.ts';
import type { Responder, Trace } from '../../model/trace/trace.ts';
import { dayOf, daySeconds } from '../../model/values/time.ts';
import type { StoredChange } from '../../store/alerts/changes.ts';
import type { Store } from '../../store/store.ts';
import { estimateIntervalSeconds } from '../../store/traces/estimateInterval.ts';
import type { StoredTest } from '../../store/traces/storedTest.ts';
import { allRunsLimit } from '../runRecord.ts';

/**
 * The store as it was at a moment (epoch seconds), for pages about the past: without later results,
 * runs, changes, ends, verdicts, incidents, names, acknowledgements, acceptances and silences.
 */
export function storeAsOf(store: Store, at: number): Store {
  const known = <Each extends { readonly at: number }>(list: readonly Each[]) =>
    list.filter((each) => each.at <= at);
  const responders = respondersAsOf(store, at);
  const tests = store.tests().map((test) => testAsOf(test, store, at));
  const incidents = incidentsAsOf(store, at);
  const incidentIds = new Map(
    incidents.flatMap(({ id, members }) => members.map(({ changeId }) => [changeId, id])),
  );
  const earlierChanges = store.pastVersions.at('change', at) as Map<string, Change>;
  return {
    ...store,
    tests: () => tests,
    responders: () => responders,
    runs: (limit) =>
      store
        .runs(allRunsLimit)
        .filter(({ startedAt }) => startedAt <= at)
        .slice(0, limit),
    metrics: {
      ...store.metrics,
      // The figures of a day are those of its end.
      ofTest: (ids, from) =>
        store.metrics.ofTest(ids, from).map((each) => ({
          ...each,
          days: each.days.filter(({ day }) => day < dayOf(at)),
        })),
    },
    changes: {
      ...store.changes,
      since: (from) =>
        store.changes.since(from).flatMap((stored) => {
          const change = earlierChanges.get(stored.change.id) ?? stored.change;
          const incidentId = incidentIds.get(change.id) ?? stored.incidentId;
          return change.detectedAt > at ? [] : [endAsOf({ ...stored, change, incidentId }, at)];
        }),
    },
    incidents: {
      ...store.incidents,
      since: (from) => incidents.filter((each) => each.from >= from || each.to === null),
    },
    acknowledgements: {
      ...store.acknowledgements,
      list: () => known(store.acknowledgements.list()),
    },
    acceptances: { ...store.acceptances, list: () => known(store.acceptances.list()) },
    silences: {
      ...store.silences,
      list: () => store.silences.list().filter(({ from }) => from <= at),
    },
  };
}

/** Whether something came after a moment. */
function isLater(time: number | null, at: number): boolean {
  return time !== null && time > at;
}

function respondersAsOf(store: Store, at: number): KnownResponders {
  const earlier = store.pastVersions.at('responder', at) as Map<string, Responder>;
  const { stated } = store.responders();
  return createKnownResponders(stated.map((one) => ({ ...one, ...earlier.get(statementId(one)) })));
}

/** How far back the newest result of a test is searched. */
const searchedDays = [1, 7, 30];

function testAsOf(stored: StoredTest, store: Store, at: number): StoredTest {
  const test = isLater(stored.retired?.at ?? null, at) ? { ...stored, retired: null } : stored;
  if (!isLater(test.newestTraceAt, at)) return test;
  let traces: readonly Trace[] = [];
  for (const days of searchedDays) {
    if (traces.length === 0)
      traces = store.traces(test.id, { from: at - days * daySeconds, to: at });
  }
  return {
    ...test,
    newestTraceAt: traces.at(-1)?.startedAt ?? null,
    intervalSeconds: estimateIntervalSeconds(traces.map(({ startedAt }) => startedAt)),
  };
}

function endAsOf(stored: StoredChange, at: number): StoredChange {
  return isLater(stored.closedAt, at) ? { ...stored, closedAt: null, accepted: false } : stored;
}

/** The incidents of a moment, by beginning, in the version of that moment. */
function incidentsAsOf(store: Store, at: number): Incident[] {
  const earlier = store.pastVersions.at('incident', at) as Map<string, Incident | null>;
  const present = store.incidents.all().map(({ incident }) => incident);
  const later = present.filter(({ id }) => !earlier.has(id));
  return [...earlier.values(), ...later]
    .flatMap((incident) => (incident === null ? [] : (incidentAsOf(incident, at) ?? [])))
    .sort((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1));
}

/**
 * An incident as far as it was known; null if it was not. Its version of the moment may know more
 * than the results up to then: a run learns about a time that has passed.
 */
function incidentAsOf(incident: Incident, at: number): Incident | null {
  const known = incident.members.filter(({ detectedAt }) => detectedAt <= at);
  const isPresent =
    known.length === incident.members.length &&
    known.every(({ closedAt }) => !isLater(closedAt, at));
  if (isPresent) return incident;
  if (known.length === 0) return null;
  const members = known.map(({ accepted, ...member }) => {
    if (isLater(member.closedAt, at)) return { ...member, closedAt: null };
    return accepted === undefined ? member : { ...member, accepted };
  });
  const ends = members.flatMap(({ closedAt }) => closedAt ?? []);
  return {
    ...incident,
    members,
    status: isOver(members) ? 'recovered' : 'open',
    severity: worstSeverity(members),
    to: ends.length === members.length ? Math.max(...ends) : null,
    tests: [...new Set(members.map(({ testId }) => testId))].sort(),
  };
}
