import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { blankChange } from '../../../src/model/change/blankChange.ts';
import { openAlertRetention } from '../../../src/store/alerts/alertRetention.ts';
import { openStore } from '../../../src/store/open.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { incidentOf } from './alertSamples.ts';
import { listedTest, midnight, readingOf, routeThrough, traceAt } from './samples.ts';

const day = 86_400;
const plenty = 1000;

/** A store with two tests, and the table of its retention. */
function opened() {
  const dir = tempDir();
  const store = openStore(dir, midnight);
  const database = new DatabaseSync(join(dir, 'pstrace.db'));
  onTestFinished(() => {
    database.close();
    store.close();
  });
  store.upsertTests([listedTest('a'), listedTest('b')], midnight);
  /** Stores a change with an incident of its own. Returns its id. */
  const add = (testId: string, at: number, closedAt: number | null) => {
    const change = blankChange(testId, 'inter_as', 'major', at);
    const incident = incidentOf(change, closedAt);
    store.changes.add({ change, incidentId: incident.id, closedAt, accepted: false });
    store.incidents.put({ incident, engine: closedAt === null ? { id: incident.id } : null });
    return change.id;
  };
  const changes = () => store.changes.since(0).map(({ change }) => change.id);
  const incidents = () => store.incidents.all().map(({ incident }) => incident.id);
  return { store, add, changes, incidents, retention: openAlertRetention(database) };
}

test('changes that ended before the moment go with their incidents and former ids', () => {
  const { store, add, changes, incidents, retention } = opened();
  const old = add('a', midnight, midnight + 100);
  const kept = [add('a', midnight + 1, midnight + day), add('b', midnight + 2, null)];
  store.incidents.merge('former', `incident-${old}`);
  store.incidents.merge('before-former', 'former');
  store.incidents.merge('former-of-kept', `incident-${kept[0]}`);
  for (const id of [old, kept[0]])
    store.acknowledgements.add({
      incidentId: `incident-${id}`,
      at: midnight,
      by: null,
      note: null,
    });
  retention.prune(midnight + day, plenty);
  expect(changes()).toEqual(kept);
  expect(incidents().sort()).toEqual(kept.map((id) => `incident-${id}`).sort());
  expect(store.incidents.mergedIds()).toEqual({ 'former-of-kept': `incident-${kept[0]}` });
  expect(store.acknowledgements.list()).toHaveLength(1);
});

test('a test keeps its newest ended changes, and all open ones', () => {
  const { add, changes, retention } = opened();
  const open = [0, 1, 2].map((index) => add('a', midnight - index, null));
  const ended = [1, 2, 3].map((index) => add('a', midnight + index, midnight + 100 * index));
  const other = add('b', midnight + 9, midnight + 10);
  retention.prune(0, 2);
  expect(changes().sort()).toEqual([...open, ...ended.slice(1), other].sort());
});

test('a change that an operator accepted stays, and so does what they said', () => {
  const { store, add, changes, retention } = opened();
  const accepted = add('a', midnight, midnight + 100);
  store.acceptances.add({ changeId: accepted, at: midnight + 50, by: null, note: 'old link' });
  retention.prune(midnight + day, 0);
  expect(changes()).toEqual([accepted]);
  expect(store.acceptances.list()).toHaveLength(1);
});

test('the number of changes of a test does not fall', () => {
  const { store, add, retention } = opened();
  const counts = () => Object.fromEntries(store.changes.counts(['inter_as']));
  for (const [index, id] of ['a', 'a', 'b'].entries()) add(id, midnight + index, midnight + 100);
  retention.prune(midnight + day, plenty);
  add('a', midnight + day, midnight + 2 * day);
  expect(counts()).toEqual({ a: 3, b: 1 });
  retention.prune(midnight + 3 * day, plenty);
  expect(counts()).toEqual({ a: 3, b: 1 });
});

test('ended changes stay a year longer than traces', () => {
  const { store, add, changes } = opened();
  const kept = add('a', midnight, midnight - 364 * day);
  add('a', midnight + 1, midnight - 366 * day);
  const traces = [traceAt(midnight, routeThrough('192.0.2.1'))];
  store.append('a', readingOf(traces, { interval: { from: midnight, to: midnight + day - 1 } }));
  store.finalizeDay('a', midnight, []);
  store.prune(midnight + day);
  expect(changes()).toEqual([kept]);
});
