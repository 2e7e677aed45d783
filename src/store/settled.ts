import type { DatabaseSync } from 'node:sqlite';
import { midnightOf } from './days.ts';

/** How far the history of a test reaches. Both are midnights UTC. */
export interface SettledState {
  /** Every trace before this is told by route periods too; null: none is. */
  readonly settledUntil: number | null;
  /** Traces before this were deleted, and the periods of that time are final; null: none was. */
  readonly forgottenUntil: number | null;
}

/** What is known of a test beyond its description and the traces that are there. */
export interface TestState extends SettledState {
  readonly newestTraceAt: number | null;
  readonly intervalSeconds: number | null;
}

/** A test with traces that no route period tells yet, and the midnight UTC before the first of them. */
export interface UnsettledTest {
  readonly id: string;
  readonly from: number;
}

/** How far the history of each test reaches, by the test's number. */
export interface Settled {
  /** Records from when on the periods have to be told. */
  settle(test: number, until: number): void;
  /** Tests with unsettled traces before a midnight, by id. */
  unsettled(until: number): UnsettledTest[];
  /** Records, for all tests, that the traces before a midnight are deleted. */
  forget(until: number): void;
  /** Takes in what an export tells; what is known of later times stays. */
  restore(test: number, state: TestState): void;
}

/** Opens the columns of the table of tests that tell how far their history reaches. */
export function openSettled(database: DatabaseSync): Settled {
  const settle = database.prepare('UPDATE test SET settled_until = ? WHERE number = ?');
  const unsettled = database.prepare(
    `SELECT id, coalesce(settled_until, oldest_trace_at) AS "from" FROM test
     WHERE newest_trace_at >= coalesce(settled_until, oldest_trace_at)
       AND coalesce(settled_until, oldest_trace_at) < ?
     ORDER BY id`,
  );
  const forget = database.prepare(
    'UPDATE test SET oldest_trace_at = ?1, forgotten_until = ?1 WHERE oldest_trace_at < ?1',
  );
  const restore = database.prepare(
    `UPDATE test SET
       interval_seconds = iif(coalesce(newest_trace_at, 0) <= ?2, ?3, interval_seconds),
       newest_trace_at = max(coalesce(newest_trace_at, ?2), coalesce(?2, newest_trace_at)),
       settled_until = coalesce(settled_until, ?4),
       forgotten_until = max(coalesce(forgotten_until, ?5), coalesce(?5, forgotten_until))
     WHERE number = ?1`,
  );
  return {
    settle(test, until) {
      settle.run(until, test);
    },
    unsettled(until) {
      const rows = unsettled.all(until) as unknown as UnsettledTest[];
      return rows.map(({ id, from }) => ({ id, from: midnightOf(from) }));
    },
    forget(until) {
      forget.run(until);
    },
    restore(test, { newestTraceAt, intervalSeconds, settledUntil, forgottenUntil }) {
      restore.run(test, newestTraceAt, intervalSeconds, settledUntil, forgottenUntil);
    },
  };
}
