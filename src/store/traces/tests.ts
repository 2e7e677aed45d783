import type { DatabaseSync } from 'node:sqlite';
import { memoize } from '../../model/memoize.ts';
import type { Family, Test } from '../../model/test.ts';
import type { FinalizedState } from '../history/finalizedHistory.ts';

/** A test as its archive lists it, with the event types that may hold data. */
export type ListedTest = Omit<Test, 'intervalSeconds'> & { readonly eventTypes: readonly string[] };

/** A test as the store knows it. Times are epoch seconds. */
export interface StoredTest extends Test {
  readonly eventTypes: readonly string[];
  readonly firstSeenAt: number;
  readonly lastListedAt: number;
  /** Start of the newest trace; null without any. */
  readonly newestTraceAt: number | null;
}

/** How far the stored traces of a test reach. */
interface TraceExtent {
  readonly oldestTraceAt: number | null;
  readonly newestTraceAt: number | null;
}

/** A test as other tables refer to it. */
export type TestEntry = TraceExtent & FinalizedState & { readonly number: number };

/** The tests, by their text id and by the small number that stands for it in other tables. */
export interface Tests {
  upsert(test: ListedTest, seenAt: number): void;
  all(): StoredTest[];
  has(id: string): boolean;
  /** A known test. An unknown id is a bug of the caller. */
  find(id: string): TestEntry;
  /** The number of a known test, which never changes. */
  numberOf(id: string): number;
  /** Forgets which numbers tests have: needed after a rollback, which takes some back. */
  clearCache(): void;
  /** Numbers of all tests. */
  numbers(): number[];
  setExtent(number: number, extent: TraceExtent, intervalSeconds: number | null): void;
}

/** An address that is not told this time stays as it was: a resolver that fails for a while does not change the test. */
const upsertSql = `
  INSERT INTO test (id, archive, key, tool, source_address, source_name, destination_address, destination_name,
    family, task_name, parameters, event_types, first_seen_at, last_listed_at)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)
  ON CONFLICT (id) DO UPDATE SET
    archive = ?2, key = ?3, tool = ?4, source_address = coalesce(?5, source_address), source_name = ?6,
    destination_address = coalesce(?7, destination_address), destination_name = ?8, family = ?9, task_name = ?10, parameters = ?11, event_types = ?12,
    first_seen_at = min(first_seen_at, ?13), last_listed_at = max(last_listed_at, ?13)`;

/** Opens the table of tests. */
export function openTests(database: DatabaseSync): Tests {
  const upsert = database.prepare(upsertSql);
  const every = database.prepare('SELECT * FROM test ORDER BY id');
  const byId = database.prepare(
    `SELECT number, oldest_trace_at AS oldestTraceAt, newest_trace_at AS newestTraceAt,
       finalized_until AS finalizedUntil, pruned_until AS prunedUntil
     FROM test WHERE id = ?`,
  );
  const numbers = database.prepare('SELECT number FROM test ORDER BY number');
  const updateExtent = database.prepare(
    'UPDATE test SET oldest_trace_at = ?, newest_trace_at = ?, interval_seconds = ? WHERE number = ?',
  );

  const numberCache = new Map<string, number>();

  function find(id: string): TestEntry {
    const found = byId.get(id) as TestEntry | undefined;
    if (found === undefined) throw new Error(`the store knows no test ${id}`);
    return found;
  }

  return {
    upsert(test, seenAt) {
      const { source, destination } = test;
      upsert.run(
        test.id,
        test.archive,
        test.key,
        test.tool,
        source.address,
        source.name,
        destination.address,
        destination.name,
        test.family,
        test.taskName,
        JSON.stringify(test.parameters),
        JSON.stringify(test.eventTypes),
        seenAt,
      );
    },
    all() {
      // Most tests have the same as others: one object for all of them.
      const parse = memoize((json: string) => JSON.parse(json));
      return every.all().map((row) => testOf(row as unknown as TestRow, parse));
    },
    numbers: () => (numbers.all() as unknown as { number: number }[]).map(({ number }) => number),
    has: (id) => byId.get(id) !== undefined,
    find,
    numberOf(id) {
      const number = numberCache.get(id) ?? find(id).number;
      numberCache.set(id, number);
      return number;
    },
    clearCache: () => numberCache.clear(),
    setExtent(number, extent, intervalSeconds) {
      updateExtent.run(extent.oldestTraceAt, extent.newestTraceAt, intervalSeconds, number);
    },
  };
}

interface TestRow {
  readonly id: string;
  readonly archive: string;
  readonly key: string;
  readonly tool: string;
  readonly source_address: string | null;
  readonly source_name: string;
  readonly destination_address: string | null;
  readonly destination_name: string;
  readonly family: Family;
  readonly task_name: string | null;
  readonly parameters: string;
  readonly event_types: string;
  readonly first_seen_at: number;
  readonly last_listed_at: number;
  readonly newest_trace_at: number | null;
  readonly interval_seconds: number | null;
}

function testOf(row: TestRow, parse: (json: string) => unknown): StoredTest {
  return {
    id: row.id,
    archive: row.archive,
    key: row.key,
    tool: row.tool,
    source: { address: row.source_address, name: row.source_name },
    destination: { address: row.destination_address, name: row.destination_name },
    family: row.family,
    intervalSeconds: row.interval_seconds,
    taskName: row.task_name,
    parameters: parse(row.parameters) as StoredTest['parameters'],
    eventTypes: parse(row.event_types) as StoredTest['eventTypes'],
    firstSeenAt: row.first_seen_at,
    lastListedAt: row.last_listed_at,
    newestTraceAt: row.newest_trace_at,
  };
}
