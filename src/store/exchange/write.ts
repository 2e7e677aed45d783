import type { DatabaseSync } from 'node:sqlite';
import type { Interval } from '../../model/trace.ts';
import { isDamage } from '../failure.ts';
import { spansOf } from '../spans.ts';
import type { Tables } from '../tables.ts';
import type { StoredTest } from '../tests.ts';
import type { StoreRecord } from './records.ts';
import { exportVersion } from './version.ts';
import { alertRecords, detectionRecords } from './writeAlerts.ts';

/**
 * Everything that a database holds, as of one moment, record by record; the same content gives the same records. What
 * cannot be read for damage is told through `damage` and left out.
 */
export function* exportRecords(
  database: DatabaseSync,
  tables: Tables,
  damage: (message: string) => void,
): Generator<StoreRecord> {
  let records = 0;
  database.exec('BEGIN');
  try {
    for (const record of everything(tables, damage)) {
      records += 1;
      yield record;
    }
    yield { record: 'end', records };
  } finally {
    database.exec('ROLLBACK');
  }
}

type Damage = (message: string) => void;

function* everything(tables: Tables, damage: Damage): Generator<StoreRecord> {
  yield { record: 'pstrace', version: exportVersion };
  const responders = readable('responders', damage, () => [...tables.responders.all().values()]);
  for (const responder of responders) yield { record: 'responder', ...responder };
  for (const test of readable('tests', damage, tables.tests.all)) {
    yield* testRecords(tables, test, (message) => damage(`${test.id}: ${message}`));
  }
  for (const archive of readable('archives', damage, tables.archives.all)) {
    yield { record: 'archive', ...archive };
  }
  for (const run of readable('runs', damage, tables.runs.all)) yield { record: 'run', ...run };
  yield* alertRecords(tables, (what, read) => readable(what, damage, read));
}

/** What `read` gives; nothing, and a word about it, where the database is damaged. */
function readable<T>(what: string, damage: Damage, read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (!isDamage(error)) throw error;
    damage(`${what} cannot be read: ${(error as Error).message}`);
    return [];
  }
}

function* testRecords(tables: Tables, test: StoredTest, damage: Damage): Generator<StoreRecord> {
  const { newestTraceAt, intervalSeconds, ...described } = test;
  const { number, oldestTraceAt, settledUntil, forgottenUntil } = tables.tests.find(test.id);
  const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
  yield { record: 'test', ...described };
  if (oldestTraceAt !== null && newestTraceAt !== null) {
    const span = { from: oldestTraceAt, to: newestTraceAt };
    yield* traceRecords(tables, { id: test.id, number }, span, damage);
  }
  for (const failure of readable('failures', damage, () => tables.failures.read(number, always))) {
    yield { record: 'failure', test: test.id, ...failure };
  }
  for (const period of readable('periods', damage, () => tables.periods.all(number))) {
    yield { record: 'period', test: test.id, ...period };
  }
  for (const { from, to } of readable('coverage', damage, () => tables.covered.of(number))) {
    yield { record: 'coverage', test: test.id, from, to };
  }
  const known = {
    ...{ newestTraceAt, intervalSeconds, settledUntil, forgottenUntil },
    watchedSince: tables.detections.watched(test.id),
    policy: tables.detections.policy(test.id),
  };
  yield { record: 'testState', test: test.id, ...known };
  yield* detectionRecords(tables, test.id, (what, read) => readable(what, damage, read));
}

/** The traces of a test, each route before the first that took it, numbered from 1. */
function* traceRecords(
  { traces, routes }: Tables,
  test: { readonly id: string; readonly number: number },
  span: Interval,
  damage: Damage,
): Generator<StoreRecord> {
  const numbers = new Map<number, number>();
  for (const part of spansOf(span)) {
    const stored = readable('traces', damage, () => traces.numbered(test.number, part));
    for (const { route, ...trace } of stored) {
      let number = numbers.get(route);
      if (number === undefined) {
        const [found] = readable('a route', damage, () => [routes.routeOf(route)]);
        if (found === undefined) continue;
        number = numbers.size + 1;
        numbers.set(route, number);
        yield { record: 'route', test: test.id, route: number, ...found };
      }
      yield { record: 'trace', test: test.id, route: number, ...trace };
    }
  }
}
