import type { DatabaseSync } from 'node:sqlite';
import { packFleetingJson, unpackJson } from './packedJson.ts';
import type { Tests } from './tests.ts';

/** What the detection knew of a test at an earlier time. */
export interface PastDetection {
  /** Start of the newest trace that it had seen then, epoch seconds. */
  readonly until: number;
  /** JSON of the detection. */
  readonly engine: unknown;
}

/**
 * Traces that came after newer ones of their test, and states of the detection from which it can look at that time again. All of
 * it may be forgotten: late traces are then no more than a part of the past. Times are epoch seconds.
 */
export interface Lateness {
  /** Notes that a trace which started then came late. `test`: its number. */
  came(test: number, at: number): void;
  /** Notes that whatever comes of a test from then on is late, as where another archive has newer traces of it. */
  lags(testId: string, from: number): void;
  /** By test id, since when there may be traces that came late; tests of which none came are not there. */
  earliest(): Map<string, number>;
  /** Forgets that any came late. */
  settle(testId: string): void;
  /** Keeps the state of a test as it stands as one to go back to. */
  remember(testId: string): void;
  /** The same for a state that is given, in place of all after `since`, which know nothing of late traces. */
  replace(testId: string, since: number, state: PastDetection | null): void;
  /** The newest state from before a moment, or else the oldest; null for none. */
  before(testId: string, at: number): PastDetection | null;
  /** Since when what came or comes of a test is late; null where nothing is. */
  lateFrom(testId: string): number | null;
  /** All states of a test that there are to go back to, oldest first. */
  past(testId: string): PastDetection[];
  /** Takes in one of those of another store. */
  restore(testId: string, state: PastDetection): void;
}

/** Opens the tables of what came late. */
export function openLateness(database: DatabaseSync, tests: Tests): Lateness {
  const came = database.prepare(
    `INSERT INTO late_trace (test, from_at) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET from_at = min(from_at, excluded.from_at)`,
  );
  const earliest = database.prepare(
    `SELECT id, from_at AS at FROM late_trace JOIN test ON test.number = late_trace.test
     WHERE from_at <= newest_trace_at`,
  );
  const settle = database.prepare('DELETE FROM late_trace WHERE test = ?');
  const copy = database.prepare(
    `INSERT OR REPLACE INTO past_detection (test, until_at, body)
     SELECT test, until_at, body FROM detection WHERE test = ?`,
  );
  // With two of them, the older one lies as far back as results may be late.
  const thin = database.prepare(
    `DELETE FROM past_detection WHERE test = ?1 AND until_at < (
       SELECT until_at FROM past_detection WHERE test = ?1 ORDER BY until_at DESC LIMIT 1 OFFSET 1)`,
  );
  const insert = database.prepare(
    'INSERT OR REPLACE INTO past_detection (test, until_at, body) VALUES (?, ?, ?)',
  );
  const removeAfter = database.prepare(
    'DELETE FROM past_detection WHERE test = ? AND until_at > ?',
  );
  const from = database.prepare('SELECT from_at AS at FROM late_trace WHERE test = ?');
  const every = database.prepare(
    'SELECT until_at AS until, body FROM past_detection WHERE test = ? ORDER BY until_at',
  );
  const before = database.prepare(
    `SELECT until_at AS until, body FROM past_detection WHERE test = ?1
     ORDER BY until_at < ?2 DESC, iif(until_at < ?2, -until_at, until_at) LIMIT 1`,
  );

  function restore(testId: string, { until, engine }: PastDetection): void {
    const number = tests.numberOf(testId);
    insert.run(number, until, packFleetingJson(engine));
    thin.run(number);
  }

  return {
    came(test, at) {
      came.run(test, at);
    },
    lags(testId, from) {
      came.run(tests.numberOf(testId), from);
    },
    earliest() {
      const rows = earliest.all() as unknown as { id: string; at: number }[];
      return new Map(rows.map(({ id, at }) => [id, at]));
    },
    settle(testId) {
      settle.run(tests.numberOf(testId));
    },
    remember(testId) {
      const number = tests.numberOf(testId);
      copy.run(number);
      thin.run(number);
    },
    replace(testId, since, state) {
      removeAfter.run(tests.numberOf(testId), since);
      if (state !== null) restore(testId, state);
    },
    before(testId, at) {
      const row = before.get(tests.numberOf(testId), at) as unknown as Row | undefined;
      return row === undefined ? null : stateOf(row);
    },
    lateFrom(testId) {
      const row = from.get(tests.numberOf(testId)) as { at: number } | undefined;
      return row?.at ?? null;
    },
    past: (testId) => (every.all(tests.numberOf(testId)) as unknown as Row[]).map(stateOf),
    restore,
  };
}

interface Row {
  readonly until: number;
  readonly body: Uint8Array;
}

function stateOf({ until, body }: Row): PastDetection {
  return { until, engine: unpackJson(body) };
}
