import type { DatabaseSync } from 'node:sqlite';
import type { Retirement } from '../../model/test/test.ts';
import { number, query } from '../db/query.ts';
import type { Transaction } from '../db/transactions.ts';
import type { Tests } from '../traces/tests.ts';
import { renameTests } from './renameTests.ts';

/** Which test each key names, and which tests belong to the mesh. */
export interface Identities {
  /**
   * Records which test each key names: the id of the test by the id of the key. A test that becomes
   * a part of another one brings along its changes and its route history. The detection of the
   * other one goes on, over the traces of both.
   */
  assign(assigned: ReadonlyMap<string, string>): void;
  /** Makes a key a test of its own again, without a past. */
  separate(key: string): void;
  /** Records that a psConfig template contains tests. `at`: epoch seconds. */
  setPlannedAt(ids: readonly string[], at: number): void;
  /** null: the test belongs to the mesh again. */
  setRetired(id: string, retired: Retirement | null): void;
  /** Deletes all that the detection knows of a test. Its changes are still notified. */
  clearDetection(id: string): void;
  /** Deletes keys with everything that is stored of them. */
  remove(keys: readonly string[]): void;
}

/** Opens what the store knows about the identity of tests. */
export function openIdentities(
  database: DatabaseSync,
  tests: Tests,
  transaction: Transaction,
): Identities {
  const joinTest = prepareJoin(database, tests);
  const clearDetection = prepareClearDetection(database);
  const deleteKey = prepareDelete(database, tests);
  return {
    assign(assigned) {
      transaction(() => {
        const joined = [...assigned].filter(([key, id]) => key !== id);
        for (const [key, id] of assigned) if (key === id) tests.setSameAs(key, id);
        if (joined.length === 0) return;
        const named = namedTests(database);
        for (const [key, id] of joined) joinTest(key, id, named);
        renameTests(database, new Map(joined));
      });
    },
    separate(key) {
      tests.setSameAs(key, key);
    },
    setPlannedAt(ids, at) {
      transaction(() => {
        for (const id of ids) tests.setPlannedAt(id, at);
      });
    },
    setRetired(id, retired) {
      tests.setRetired(id, retired);
    },
    clearDetection(id) {
      clearDetection(tests.numberOf(id));
    },
    remove(keys) {
      transaction(() => {
        renameTests(database, new Map(keys.map((key) => [key, null])));
        for (const key of keys) deleteKey(key);
        tests.clearCache();
      });
    },
  };
}

const detectionTables = ['detection', 'detection_checkpoint', 'late_arrival'] as const;

function prepareClearDetection(database: DatabaseSync): (test: number) => void {
  const statements = [
    ...detectionTables.map((table) => `DELETE FROM ${table} WHERE test = ?`),
    'UPDATE test SET policy_state = NULL WHERE number = ?',
  ].map((sql) => database.prepare(sql));
  return (test) => {
    for (const statement of statements) statement.run(test);
  };
}

/** The numbers of the tests after which other keys are named. */
function namedTests(database: DatabaseSync): Set<number> {
  const select = query(
    database,
    'SELECT DISTINCT same_as AS number FROM test WHERE same_as <> number',
    { number },
  );
  return new Set(select.all().map((row) => row.number));
}

/**
 * Joins a key, and all other names of its test, to another test. The detection of the other test
 * goes on if it has begun, else that of the key; what it saw of the key since then is late.
 */
function prepareJoin(
  database: DatabaseSync,
  tests: Tests,
): (key: string, id: string, named: Set<number>) => void {
  const updateName = database.prepare('UPDATE test SET same_as = ?2 WHERE number = ?1');
  const updateNamed = database.prepare('UPDATE test SET same_as = ?2 WHERE same_as = ?1');
  const markLate = database.prepare(
    `INSERT INTO late_arrival (test, from_at)
     SELECT ?2, until_at FROM detection
     WHERE test = ?2 AND EXISTS (SELECT 1 FROM detection WHERE test = ?1)
     ON CONFLICT DO UPDATE SET from_at = min(from_at, excluded.from_at)`,
  );
  const moveDetection = [
    ...['detection_checkpoint', 'detection'].map(
      (table) => `UPDATE OR IGNORE ${table} SET test = ?2
        WHERE test = ?1 AND NOT EXISTS (SELECT 1 FROM detection WHERE test = ?2)`,
    ),
    `UPDATE test SET watched_since = (SELECT watched_since FROM test WHERE number = ?1)
     WHERE number = ?2 AND watched_since IS NULL`,
    `INSERT OR IGNORE INTO route_period (test, from_at, to_at, traces, reached, continues, pattern)
     SELECT ?2, from_at, to_at, traces, reached, continues, pattern FROM route_period
     WHERE test = ?1 AND from_at >= (SELECT coalesce(finalized_until, 0) FROM test WHERE number = ?2)`,
    `UPDATE test SET finalized_until =
       max(finalized_until, (SELECT coalesce(finalized_until, 0) FROM test WHERE number = ?1))
     WHERE number = ?2`,
  ].map((sql) => database.prepare(sql));
  const clearDetection = prepareClearDetection(database);
  return (key, id, named) => {
    const [from, to] = [tests.numberOf(key), tests.numberOf(id)];
    updateName.run(from, to);
    // Searches all tests: an archive may bring thousands of new keys at once.
    if (named.delete(from)) updateNamed.run(from, to);
    named.add(to);
    markLate.run(from, to);
    for (const statement of moveDetection) statement.run(from, to);
    clearDetection(from);
  };
}

/** 2^32 tests fit into the key of a chunk, which ends with the number of the test. */
const deleteChunks = 'DELETE FROM chunk WHERE key % 4294967296 = ?';

function prepareDelete(database: DatabaseSync, tests: Tests): (key: string) => void {
  const statements = [
    deleteChunks,
    ...[...detectionTables, 'coverage', 'failure', 'route_period', 'pruned_change'].map(
      (table) => `DELETE FROM ${table} WHERE test = ?`,
    ),
    'UPDATE test SET same_as = NULL WHERE same_as = ?',
    'DELETE FROM test WHERE number = ?',
  ].map((sql) => database.prepare(sql));
  return (key) => {
    const test = tests.numberOf(key);
    for (const statement of statements) statement.run(test);
  };
}
