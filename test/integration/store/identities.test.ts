import { expect, test } from 'vitest';
import type { Store } from '../../../src/store/store.ts';
import { fillAlerts } from './alertSamples.ts';
import { openedStore } from './openedStore.ts';
import { midnight, periodAt, readingOf, routeThrough, traceAt } from './samples.ts';

const route = routeThrough('192.0.2.1', '198.51.100.9');
const always = { from: 0, to: 2 ** 40 };

/** Two tests, each with a trace, a route period, a detection and changes. */
function filledStore(): Store {
  const store = openedStore('a', 'b');
  for (const [index, id] of ['a', 'b'].entries()) {
    store.append(id, readingOf([traceAt(midnight + index * 86_400, route)]));
    fillAlerts(store, id);
    store.finalizeDay(id, midnight + index * 86_400, [periodAt(index * 86_400, index * 86_400, 1)]);
  }
  return store;
}

const membersOf = (store: Store) =>
  new Set(
    store.incidents.all().flatMap(({ incident }) => incident.members.map((each) => each.testId)),
  );
const changesOf = (store: Store) =>
  new Set(store.changes.since(0).map(({ change }) => change.testId));

test('a test that becomes a part of another one brings along changes and route periods', () => {
  const store = filledStore();
  const changes = store.changes.since(0).length;
  store.identities.assign(new Map([['a', 'a']]));
  store.identities.assign(new Map([['b', 'a']]));
  expect(store.tests()).toMatchObject([{ sameAs: 'a' }, { sameAs: 'a' }]);
  expect(changesOf(store)).toEqual(new Set(['a']));
  expect(store.changes.since(0)).toHaveLength(changes);
  expect(membersOf(store)).toEqual(new Set(['a']));
  expect(store.detectionStates.load('b')).toBeNull();
  expect(store.detectionStates.load('a')).not.toBeNull();
  expect(store.lateArrivals.earliestByTest().has('a')).toBe(true);
  expect(store.routeHistory('a', midnight + 3 * 86_400, 9).periods).toHaveLength(2);
});

test('all names of a test follow it into another one', () => {
  const store = openedStore('a', 'b', 'c');
  store.identities.assign(
    new Map([
      ['a', 'a'],
      ['b', 'b'],
      ['c', 'b'],
    ]),
  );
  store.identities.assign(new Map([['b', 'a']]));
  expect(store.tests().map(({ sameAs }) => sameAs)).toEqual(['a', 'a', 'a']);
});

test('a deleted key leaves nothing behind, and others as they were', () => {
  const store = filledStore();
  store.identities.remove(['b']);
  expect(store.tests().map(({ id }) => id)).toEqual(['a']);
  expect(changesOf(store)).toEqual(new Set(['a']));
  expect(membersOf(store)).toEqual(new Set(['a']));
  expect(store.traces('a', always)).toHaveLength(1);
  store.upsertTests([{ ...firstTest(store), id: 'b' }], midnight);
  expect(store.traces('b', always)).toEqual([]);
  expect(store.changes.ofTest('b', 0)).toEqual([]);
});

test('incidents name no test of another name, neither as unaffected nor in views of the past', () => {
  const store = filledStore();
  const incident = store.incidents
    .all()
    .find(({ incident: { members } }) => members.every(({ testId }) => testId === 'a'))?.incident;
  const [found] = store.changes.since(0);
  if (incident === undefined || found === undefined) throw new Error('no incident');
  const ofA = { ...incident, id: 'of-a', tests: ['a'], unaffectedTests: ['b'] };
  store.incidents.put({ incident: ofA, engine: null });
  const ofB = { ...found.change, id: 'of-b', testId: 'b' };
  store.pastVersions.retain('incident', 'of-a', ofA, midnight);
  store.pastVersions.retain('change', 'of-b', ofB, midnight);
  store.pastVersions.retain('incident', 'none', null, midnight);
  const pastOf = (kind: 'incident' | 'change') => [...store.pastVersions.at(kind, 0).values()];
  const unaffected = () =>
    store.incidents.all().find(({ incident: { id } }) => id === 'of-a')?.incident.unaffectedTests;
  store.identities.assign(new Map([['b', 'a']]));
  expect(unaffected()).toEqual([]);
  expect(pastOf('change')).toMatchObject([{ testId: 'a' }]);
  expect(pastOf('incident')).toEqual([null, { ...ofA, unaffectedTests: [] }]);
  store.identities.remove(['a', 'b']);
  expect(pastOf('change')).toEqual([]);
  expect(pastOf('incident')).toEqual([null]);
});

function firstTest(store: Store) {
  const [first] = store.tests();
  if (first === undefined) throw new Error('no test');
  return first;
}

test('thousands of new keys are joined at once', () => {
  const ids = Array.from({ length: 20_000 }, (_, index) => `t${index}`);
  const store = openedStore(...ids);
  const joined = ids.map((id, index) => [id, ids[index - (index % 2)] ?? id] as const);
  const startedAt = performance.now();
  store.identities.assign(new Map(joined));
  expect(performance.now() - startedAt).toBeLessThan(20_000);
  expect(store.tests().filter(({ id, sameAs }) => sameAs !== id)).toHaveLength(10_000);
  store.identities.assign(new Map([['t0', 't2']]));
  expect(store.tests().filter(({ sameAs }) => sameAs === 't2')).toHaveLength(4);
});
