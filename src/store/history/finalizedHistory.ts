import type { DatabaseSync } from 'node:sqlite';
import { midnightOf } from '../../model/time.ts';

/** How far the history of a test reaches. Both are midnights UTC. */
export interface FinalizedState {
  /** Every trace before this is told by route periods too; null: none is. */
  readonly finalizedUntil: number | null;
  /** Traces before this were deleted, and the periods of that time are final; null: none was. */
  readonly prunedUntil: number | null;
}

/** What is known of a test beyond its description and the traces that are there. */
export interface StoredTestState extends FinalizedState {
  readonly newestTraceAt: number | null;
  readonly intervalSeconds: number | null;
}

/** A test with traces that no route period tells yet, and the midnight UTC before the first of them. */
export interface UnfinalizedTest {
  readonly id: string;
  readonly from: number;
}

/** How far the history of each test reaches, by the test's number. */
export interface FinalizedHistory {
  /** Records from when on the periods have to be told. */
  setFinalizedUntil(test: number, until: number): void;
  /** Tests with unsettled traces before a midnight, by id. */
  unfinalized(until: number): UnfinalizedTest[];
  /** Records, for all tests, that the traces before a midnight are deleted. */
  setPrunedUntil(until: number): void;
  /** Takes in what an export tells; what is known of later times stays. */
  restore(test: number, state: StoredTestState): void;
}

/** Opens the columns of the table of tests that tell how far their history reaches. */
export function openFinalizedHistory(database: DatabaseSync): FinalizedHistory {
  const updateFinalizedUntil = database.prepare(
    'UPDATE test SET finalized_until = ? WHERE number = ?',
  );
  const selectUnfinalized = database.prepare(
    `SELECT id, coalesce(finalized_until, oldest_trace_at) AS "from" FROM test
     WHERE newest_trace_at >= coalesce(finalized_until, oldest_trace_at)
       AND coalesce(finalized_until, oldest_trace_at) < ?
     ORDER BY id`,
  );
  const updatePrunedUntil = database.prepare(
    'UPDATE test SET oldest_trace_at = ?1, pruned_until = ?1 WHERE oldest_trace_at < ?1',
  );
  const restore = database.prepare(
    `UPDATE test SET
       interval_seconds = iif(coalesce(newest_trace_at, 0) <= ?2, ?3, interval_seconds),
       newest_trace_at = max(coalesce(newest_trace_at, ?2), coalesce(?2, newest_trace_at)),
       finalized_until = coalesce(finalized_until, ?4),
       pruned_until = max(coalesce(pruned_until, ?5), coalesce(?5, pruned_until))
     WHERE number = ?1`,
  );
  return {
    setFinalizedUntil(test, until) {
      updateFinalizedUntil.run(until, test);
    },
    unfinalized(until) {
      const rows = selectUnfinalized.all(until) as unknown as UnfinalizedTest[];
      return rows.map(({ id, from }) => ({ id, from: midnightOf(from) }));
    },
    setPrunedUntil(until) {
      updatePrunedUntil.run(until);
    },
    restore(test, { newestTraceAt, intervalSeconds, finalizedUntil, prunedUntil }) {
      restore.run(test, newestTraceAt, intervalSeconds, finalizedUntil, prunedUntil);
    },
  };
}
