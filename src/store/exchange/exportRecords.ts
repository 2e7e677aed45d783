import type { DatabaseSync } from 'node:sqlite';
import type { Interval } from '../../model/trace/trace.ts';
import { isCorruption } from '../db/storeFailure.ts';
import type { Tables } from '../tables.ts';
import { splitAtSpans } from '../traces/chunkSpans.ts';
import type { StoredTest } from '../traces/storedTest.ts';
import { alertRecords, detectionRecords } from './exportAlertRecords.ts';
import { exportVersion } from './exportVersion.ts';
import type { StoreRecord } from './recordSchemas.ts';

/**
 * Exports the content of a database as of one moment, record by record. Equal content gives equal
 * records. Omits damaged content and reports it to `onCorruption`.
 */
export function* exportRecords(
  database: DatabaseSync,
  tables: Tables,
  onCorruption: (message: string) => void,
): Generator<StoreRecord> {
  let records = 0;
  database.exec('BEGIN');
  try {
    for (const record of allRecords(tables, onCorruption)) {
      records += 1;
      yield record;
    }
    yield { record: 'end', records };
  } finally {
    database.exec('ROLLBACK');
  }
}

type OnCorruption = (message: string) => void;

function* allRecords(tables: Tables, onCorruption: OnCorruption): Generator<StoreRecord> {
  yield { record: 'pstrace', version: exportVersion };
  const responders = readOrSkip('responders', onCorruption, tables.responders.all);
  for (const responder of responders) yield { record: 'responder', ...responder };
  const tests = readOrSkip('tests', onCorruption, tables.tests.all);
  for (const test of tests) {
    yield* testRecords(tables, test, (message) => onCorruption(`${test.id}: ${message}`));
  }
  for (const { id, sameAs } of tests) {
    if (sameAs !== null) yield { record: 'testName', test: sameAs, key: id };
  }
  for (const archive of readOrSkip('archives', onCorruption, tables.archives.all)) {
    yield { record: 'archive', ...archive };
  }
  for (const alias of readOrSkip('names', onCorruption, tables.aliases.all)) {
    yield { record: 'alias', ...alias };
  }
  for (const near of readOrSkip('near addresses', onCorruption, tables.nearAddresses.all)) {
    yield { record: 'nearAddress', ...near };
  }
  for (const run of readOrSkip('runs', onCorruption, tables.runs.all))
    yield { record: 'run', ...run };
  yield* alertRecords(tables, (what, read) => readOrSkip(what, onCorruption, read));
}

/** The result of `read`; empty, with a report, if the database is damaged. */
function readOrSkip<T>(what: string, onCorruption: OnCorruption, read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    if (!isCorruption(error)) throw error;
    onCorruption(`${what} cannot be read: ${(error as Error).message}`);
    return [];
  }
}

function* testRecords(
  tables: Tables,
  test: StoredTest,
  onCorruption: OnCorruption,
): Generator<StoreRecord> {
  const { newestTraceAt, intervalSeconds, plannedAt, retired, watchedSince, ...listed } = test;
  const { sameAs: _, firstTraceAt: __, ...description } = listed;
  const { number, oldestTraceAt, finalizedUntil, prunedUntil } = tables.tests.find(test.id);
  const always = { from: 0, to: Number.MAX_SAFE_INTEGER };
  yield { record: 'test', ...description };
  if (oldestTraceAt !== null && newestTraceAt !== null) {
    const span = { from: oldestTraceAt, to: newestTraceAt };
    yield* traceRecords(tables, { id: test.id, number }, span, onCorruption);
  }
  for (const failure of readOrSkip('failures', onCorruption, () =>
    tables.failures.read(number, always),
  )) {
    yield { record: 'failure', test: test.id, ...failure };
  }
  for (const period of readOrSkip('periods', onCorruption, () => tables.routePeriods.all(number))) {
    yield { record: 'routePeriod', test: test.id, ...period };
  }
  for (const { from, to } of readOrSkip('coverage', onCorruption, () =>
    tables.coverage.intervalsOf(number),
  )) {
    yield { record: 'coverage', test: test.id, from, to };
  }
  yield {
    record: 'testState',
    test: test.id,
    newestTraceAt,
    intervalSeconds,
    finalizedUntil,
    prunedUntil,
    watchedSince,
    policy: tables.detectionStates.policyState(test.id),
    plannedAt,
    retired,
  };
  yield* detectionRecords(tables, test.id, (what, read) => readOrSkip(what, onCorruption, read));
}

/** The traces of a test. Each route comes before its first trace; routes are numbered from 1. */
function* traceRecords(
  { traces, routes }: Tables,
  test: { readonly id: string; readonly number: number },
  span: Interval,
  onCorruption: OnCorruption,
): Generator<StoreRecord> {
  const numbers = new Map<number, number>();
  for (const part of splitAtSpans(span)) {
    const stored = readOrSkip('traces', onCorruption, () => traces.readNumbered(test.number, part));
    for (const { route, ...trace } of stored) {
      let number = numbers.get(route);
      if (number === undefined) {
        const [found] = readOrSkip('a route', onCorruption, () => [routes.routeOf(route)]);
        if (found === undefined) continue;
        number = numbers.size + 1;
        numbers.set(route, number);
        yield { record: 'route', test: test.id, route: number, ...found };
      }
      yield { record: 'trace', test: test.id, route: number, ...trace };
    }
  }
}
