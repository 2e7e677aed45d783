import type { DatabaseSync } from 'node:sqlite';
import { midnightOf } from '../../model/values/time.ts';
import { number, query, text } from '../db/query.ts';
import type { FinalizedState } from '../traces/tests.ts';

/** State of a test in an export, besides its description and its traces. */
export interface StoredTestState extends FinalizedState {
  readonly newestTraceAt: number | null;
  readonly intervalSeconds: number | null;
}

/** A test with traces that no route period covers yet. */
export interface UnfinalizedTest {
  readonly id: string;
  /** The midnight UTC before the first of these traces, epoch seconds. */
  readonly from: number;
}

/** How far the route history of each test reaches. */
export interface FinalizedHistory {
  /** Records that route periods cover the traces before a midnight. */
  setFinalizedUntil(test: number, until: number): void;
  /** The tests with uncovered traces before a midnight, by id. */
  unfinalized(until: number): UnfinalizedTest[];
  /** Records for all tests that the traces before a midnight are deleted. */
  setPrunedUntil(until: number): void;
  /** Merges the state from an export; later stored times stay. */
  restore(test: number, state: StoredTestState): void;
}

/** Opens the columns of the table of tests that record how far the history reaches. */
export function openFinalizedHistory(database: DatabaseSync): FinalizedHistory {
  const updateFinalizedUntil = database.prepare(
    'UPDATE test SET finalized_until = ? WHERE number = ?',
  );
  const selectUnfinalized = query(
    database,
    `SELECT id, coalesce(finalized_until, oldest_trace_at) AS "from" FROM test
     WHERE newest_trace_at >= coalesce(finalized_until, oldest_trace_at)
       AND coalesce(finalized_until, oldest_trace_at) < ?
     ORDER BY id`,
    { id: text, from: number },
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
    unfinalized: (until) =>
      selectUnfinalized.all(until).map(({ id, from }) => ({ id, from: midnightOf(from) })),
    setPrunedUntil(until) {
      updatePrunedUntil.run(until);
    },
    restore(test, { newestTraceAt, intervalSeconds, finalizedUntil, prunedUntil }) {
      restore.run(test, newestTraceAt, intervalSeconds, finalizedUntil, prunedUntil);
    },
  };
}
