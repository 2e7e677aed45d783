import type { DatabaseSync } from 'node:sqlite';
import type { Transaction } from '../db/transactions.ts';
import type { Tests } from './tests.ts';

/** Tests that an archive listed, but that never had a result. */
export interface EmptyTests {
  /**
   * Deletes the tests without any result that no archive has listed and no template contained since
   * a moment (epoch seconds). Returns their number. Other tables know nothing of such a test.
   */
  deleteEmptyTests(since: number): number;
}

/** Opens the deletion of empty tests. */
export function openEmptyTests(
  database: DatabaseSync,
  tests: Pick<Tests, 'clearCache'>,
  transaction: Transaction,
): EmptyTests {
  const referring = [
    'coverage',
    'failure',
    'route_period',
    'detection',
    'detection_checkpoint',
    'late_arrival',
    'change',
  ];
  const withResults = referring
    .filter((table) => table !== 'coverage')
    .map((table) => `AND number NOT IN (SELECT test FROM ${table})`)
    .join('\n');
  const mark = `
    CREATE TEMP TABLE empty_test AS SELECT number FROM main.test
    WHERE oldest_trace_at IS NULL AND newest_trace_at IS NULL AND finalized_until IS NULL
      AND retired_at IS NULL AND policy_state IS NULL
      AND last_listed_at < $since AND coalesce(planned_at, 0) < $since
      AND number NOT IN
        (SELECT same_as FROM main.test WHERE same_as IS NOT NULL AND same_as <> number)
      ${withResults}`;
  return {
    deleteEmptyTests(since) {
      // Without an index, SQLite would search all tests and changes for each deleted test.
      database.exec('PRAGMA foreign_keys = OFF');
      try {
        return transaction(() => {
          database.exec(mark.replaceAll('$since', String(Number(since))));
          database.exec('DELETE FROM coverage WHERE test IN empty_test');
          const { changes } = database.prepare('DELETE FROM test WHERE number IN empty_test').run();
          database.exec('DROP TABLE empty_test');
          tests.clearCache();
          return Number(changes);
        });
      } finally {
        database.exec('PRAGMA foreign_keys = ON');
      }
    },
  };
}
