import type { DatabaseSync } from 'node:sqlite';
import type { Retirement, Test } from '../../model/test/test.ts';
import { memoize } from '../../model/values/memoize.ts';
import { nullable, number, query, text } from '../db/query.ts';
import { type StoredTest, testColumns, toStoredTest } from './storedTest.ts';

/** A test as its archive lists it, with the event types that may hold data. */
export type ListedTest = Omit<Test, 'intervalSeconds'> & {
  readonly eventTypes: readonly string[];
  /**
   * Interval that the archive states, seconds; 0 if it states that the test runs once; null or
   * absent if it states nothing.
   */
  readonly scheduleSeconds?: number | null;
};

/** Starts of the oldest and newest stored trace of a test. */
interface TraceExtent {
  readonly oldestTraceAt: number | null;
  readonly newestTraceAt: number | null;
}

/** How far the route history of a test reaches. Both times are midnights UTC. */
export interface FinalizedState {
  /** Route periods cover all traces before this; null: none. */
  readonly finalizedUntil: number | null;
  /** The traces before this are deleted, and the periods of that time are final; null: none. */
  readonly prunedUntil: number | null;
}

/** A test as other tables refer to it. */
export type TestEntry = TraceExtent &
  FinalizedState & {
    readonly number: number;
    readonly archive: string;
    /** Number of the key after which the test is named; null as long as that is not decided. */
    readonly sameAs: number | null;
  };

/** The tests, by text id and by the number that other tables use. */
export interface Tests {
  upsert(test: ListedTest, seenAt: number): void;
  /** All tests, by id. */
  all(): StoredTest[];
  has(id: string): boolean;
  /** A known test. Throws an `Error` for an unknown id. */
  find(id: string): TestEntry;
  /** The number of a known test, which never changes. Throws an `Error` for an unknown id. */
  numberOf(id: string): number;
  /** The numbers of all tests. */
  numbers(): number[];
  /** The numbers of the tests whose oldest or newest trace starts after a moment. */
  aheadOf(moment: number): number[];
  /** Records which test a key names: the one that is named after the key `id`. */
  setSameAs(key: string, id: string): void;
  /** Records that a psConfig template contains a test. */
  setPlannedAt(id: string, at: number): void;
  /** null: the test belongs to the mesh again. */
  setRetired(id: string, retired: Retirement | null): void;
  setExtent(number: number, extent: TraceExtent, intervalSeconds: number | null): void;
  /** Has to be called after a rollback, which takes numbers back. */
  clearCache(): void;
}

/**
 * A missing address leaves the stored one: a resolver that fails for a while must not change a
 * test. A run by hand with the settings of a scheduled test leaves its schedule.
 */
const upsertSql = `
  INSERT INTO test (id, archive, key, tool, source_address, source_name, destination_address,
    destination_name, family, task_name, parameters, event_types, schedule_seconds, first_seen_at,
    last_listed_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14)
  ON CONFLICT (id) DO UPDATE SET
    archive = ?2, key = ?3, tool = ?4,
    source_address = coalesce(?5, source_address), source_name = ?6,
    destination_address = coalesce(?7, destination_address), destination_name = ?8,
    family = ?9, task_name = ?10, parameters = ?11, event_types = ?12,
    schedule_seconds = coalesce(nullif(?13, 0), schedule_seconds, ?13),
    first_seen_at = min(first_seen_at, ?14), last_listed_at = max(last_listed_at, ?14)`;

/** Opens the table of tests. */
export function openTests(database: DatabaseSync): Tests {
  const upsert = database.prepare(upsertSql);
  const selectAll = query(
    database,
    `SELECT test.*, same.id AS same_id,
       (SELECT MIN(from_at) FROM route_period WHERE route_period.test = test.number) AS first_period_at
     FROM test LEFT JOIN test AS same ON same.number = test.same_as ORDER BY test.id`,
    testColumns,
  );
  const selectEntry = query(
    database,
    `SELECT number, archive, oldest_trace_at AS oldestTraceAt, newest_trace_at AS newestTraceAt,
       finalized_until AS finalizedUntil, pruned_until AS prunedUntil, same_as AS sameAs
     FROM test WHERE id = ?`,
    {
      number,
      archive: text,
      oldestTraceAt: nullable(number),
      newestTraceAt: nullable(number),
      finalizedUntil: nullable(number),
      prunedUntil: nullable(number),
      sameAs: nullable(number),
    },
  );
  const selectNumbers = query(database, 'SELECT number FROM test ORDER BY number', { number });
  const selectAhead = query(
    database,
    'SELECT number FROM test WHERE newest_trace_at > ?1 OR oldest_trace_at > ?1',
    { number },
  );
  const updateExtent = database.prepare(
    'UPDATE test SET oldest_trace_at = ?, newest_trace_at = ?, interval_seconds = ? WHERE number = ?',
  );
  const updateSameAs = database.prepare('UPDATE test SET same_as = ?2 WHERE number = ?1');
  const updatePlannedAt = database.prepare('UPDATE test SET planned_at = ? WHERE number = ?');
  const updateRetired = database.prepare(
    'UPDATE test SET retired_at = ?, retired_by = ? WHERE number = ?',
  );
  const numberCache = new Map<string, number>();

  const numberOf = (id: string): number => {
    const known = numberCache.get(id) ?? find(id).number;
    numberCache.set(id, known);
    return known;
  };

  function find(id: string): TestEntry {
    const found = selectEntry.get(id);
    if (found === undefined) throw new Error(`the test ${id} is not in the store`);
    return found;
  }

  return {
    upsert(test, seenAt) {
      upsert.run(...valuesOf(test), seenAt);
    },
    all() {
      // Most tests have equal parameters and event types: they share one object.
      const parse = memoize((json: string) => JSON.parse(json));
      return selectAll.all().map((row) => toStoredTest(row, parse));
    },
    has: (id) => selectEntry.get(id) !== undefined,
    find,
    numberOf,
    numbers: () => selectNumbers.all().map((row) => row.number),
    aheadOf: (moment) => selectAhead.all(moment).map((row) => row.number),
    setSameAs(key, id) {
      updateSameAs.run(numberOf(key), numberOf(id));
    },
    setPlannedAt(id, at) {
      updatePlannedAt.run(at, numberOf(id));
    },
    setRetired(id, retired) {
      updateRetired.run(retired?.at ?? null, retired?.by ?? null, numberOf(id));
    },
    setExtent(test, extent, intervalSeconds) {
      updateExtent.run(extent.oldestTraceAt, extent.newestTraceAt, intervalSeconds, test);
    },
    clearCache: () => numberCache.clear(),
  };
}

/** The values of `upsertSql` but the last. */
function valuesOf(test: ListedTest): (string | number | null)[] {
  const { id, archive, key, tool, source, destination, family, taskName } = test;
  return [
    id,
    archive,
    key,
    tool,
    source.address,
    source.name,
    destination.address,
    destination.name,
    family,
    taskName,
    JSON.stringify(test.parameters),
    JSON.stringify(test.eventTypes),
    test.scheduleSeconds ?? null,
  ];
}
