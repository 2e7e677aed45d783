import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { trustClock } from '../../../src/pipeline/clock/trustClock.ts';
import { openStore } from '../../../src/store/open.ts';
import { tempDir } from '../../helpers/tempDir.ts';
import { fillAlerts } from './alertSamples.ts';
import { listedTest, midnight, readingOf, routeThrough, runAt, traceAt } from './samples.ts';

const hour = 3600;
const year = 365 * 24 * hour;
const always = { from: 0, to: 2 ** 33 };
const route = routeThrough('192.0.2.1', '198.51.100.9');
const now = midnight + 12 * hour;
const future = now + 10 * year;

/** A test of this host, whose results have the time of its clock. */
const localTest = (id: string) => listedTest(id, { archive: 'local' });

/** A database with results of two tests up to `now`; `spoil` does what a run at a wrong clock did. */
function spoiled(spoil: (store: ReturnType<typeof openStore>, database: DatabaseSync) => void) {
  const state = tempDir();
  const store = openStore(state, now);
  store.upsertTests(['a', 'b'].map(localTest), midnight);
  const starts = Array.from({ length: 60 }, (_, index) => midnight + index * 600);
  for (const id of ['a', 'b']) store.append(id, readingOf(starts.map((at) => traceAt(at, route))));
  const database = new DatabaseSync(join(state, 'pstrace.db'));
  spoil(store, database);
  database.close();
  return store;
}

/** The record of a clock that was ahead after a gap. */
const trustedAhead = {
  trusted: { at: future, bootedAt: null, gapFrom: now - 60 },
  doubt: null,
  hasImports: false,
};

/** Every column as table and name. */
function columnsOf(database: DatabaseSync): [string, string][] {
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  return tables.flatMap(({ name }) =>
    database
      .prepare(`SELECT name FROM pragma_table_info('${name}')`)
      .all()
      .map((column): [string, string] => [String(name), String(column.name)]),
  );
}

/** The columns with numbers that are times after `now`, as `table.column`. */
function futureColumns(state: string): string[] {
  const database = new DatabaseSync(join(state, 'pstrace.db'), { readOnly: true });
  const found = columnsOf(database).filter(([table, column]) => {
    const sql = `SELECT 1 FROM "${table}" WHERE typeof("${column}") IN ('real', 'integer')
      AND "${column}" BETWEEN ? AND 1e11 LIMIT 1`;
    return database.prepare(sql).get(now + 2) !== undefined;
  });
  database.close();
  return found.map((column) => column.join('.'));
}

test('no column of any table leads beyond the present after a right clock has come back', () => {
  const state = tempDir();
  const store = openStore(state, now);
  store.upsertTests([localTest('a')], future);
  store.append('a', readingOf([midnight, future].map((at) => traceAt(at, route))));
  fillAlerts(store, 'a');
  store.startRun(runAt(future));
  store.setListedUntil('ma.example.net/esmond/perfsonar/archive', future);
  const database = new DatabaseSync(join(state, 'pstrace.db'));
  for (const [table, column] of columnsOf(database)) {
    if (/(_at|_since|_until|^at)$/.test(column))
      database.exec(`UPDATE OR IGNORE "${table}" SET "${column}" = ${future}`);
  }
  database.close();
  expect(futureColumns(state).length).toBeGreaterThan(15);
  store.clockRecord.save(trustedAhead);
  trustClock(store, now);
  // The waiting message is due at once, and a look-up is asked again when its time has come.
  expect(
    futureColumns(state).filter((column) => !/^(chunk|lookup|silence)\./.test(column)),
  ).toEqual([]);
  store.close();
});

test('traces of the future go, also within the span of the present; the others stay', () => {
  const store = spoiled((each) => {
    each.append('a', readingOf([traceAt(future, route)]));
  });
  trustClock(store, now - 60);
  store.append('a', readingOf([traceAt(now + hour, route)]));
  store.clockRecord.save(trustedAhead);
  trustClock(store, now);
  const [a, b] = store.tests();
  expect([a?.newestTraceAt, b?.newestTraceAt]).toEqual(Array(2).fill(midnight + 59 * 600));
  expect(a?.intervalSeconds).toBe(600);
  expect(store.traces('a', always)).toEqual(store.traces('b', always));
  expect(store.traces('a', always)).toHaveLength(60);
  store.close();
});

test('a silence keeps its length and begins now; one without bounds ends after 100 years', () => {
  const scope = { tests: [], groups: [], elements: [], classes: [], reason: 'x', by: null };
  const store = spoiled(({ silences }) => {
    silences.add({ id: '1', from: future, until: future + 8 * hour, ...scope });
    silences.add({ id: '2', from: now - hour, until: 1e13, ...scope });
  });
  trustClock(store, now);
  const ends = new Map(store.silences.list().map(({ id, from, until }) => [id, [from, until]]));
  expect(ends.get('1')).toEqual([now, now + 8 * hour]);
  expect(ends.get('2')).toEqual([now - hour, now - hour + 36_525 * 86_400]);
  store.close();
});

test('times in the packed changes and incidents become the present', () => {
  const store = spoiled((each, database) => {
    fillAlerts(each, 'a');
    const [first] = each.changes.since(0);
    each.changes.revise(first?.change.id ?? '', (change) => ({ ...change, detectedAt: future }));
    database.exec(`UPDATE change SET detected_at = ${future} WHERE id = '${first?.change.id}'`);
  });
  trustClock(store, now);
  expect(store.changes.since(0).filter(({ change }) => change.detectedAt > now)).toEqual([]);
  expect(store.changes.since(now).map(({ change }) => change.detectedAt)).toContain(now);
  store.close();
});

test('the detection goes on from the last state before the wrong time, and finds again what it missed', () => {
  const engine = (name: string) => ({ name });
  const store = spoiled(({ detectionStates, lateArrivals }) => {
    for (const id of ['a', 'b'])
      detectionStates.save(id, { until: midnight + hour, elements: [], engine: engine('early') });
    lateArrivals.saveCheckpoint('a');
    for (const id of ['a', 'b'])
      detectionStates.save(id, { until: future, elements: [], engine: engine('wrong') });
  });
  trustClock(store, now);
  expect([...store.detectionStates.processedUntil().values()]).toEqual(
    Array(2).fill(midnight + 59 * 600),
  );
  const late = store.lateArrivals.earliestByTest();
  expect(store.lateArrivals.checkpointBefore('a', late.get('a') ?? 0)?.engine).toEqual(
    engine('early'),
  );
  expect(store.lateArrivals.checkpointBefore('b', late.get('b') ?? 0)?.until).toBe(0);
  store.close();
});

test('a trusted clock that goes on reads no changes and deletes no traces', () => {
  const store = spoiled((each) => {
    trustClock(each, now - hour);
    each.append('a', readingOf([traceAt(now + 60, route)]));
  });
  trustClock(store, now);
  expect(store.tests()[0]?.newestTraceAt).toBe(now + 60);
  store.close();
});
