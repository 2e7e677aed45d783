import type { DatabaseSync } from 'node:sqlite';
import type { DetectionCheckpoint } from '../../model/detectionCheckpoint.ts';
import { packJsonUncompressed, unpackJson } from '../db/packedJson.ts';
import type { Tests } from '../traces/tests.ts';

/**
 * Traces that came after newer ones of their test, and states of the detection from which it can look at that time again. All of
 * it may be forgotten: late traces are then no more than a part of the past. Times are epoch seconds.
 */
export interface LateArrivals {
  /** Notes that a trace which started then came late. `test`: its number. */
  recordLateTrace(test: number, at: number): void;
  /** Notes that whatever comes of a test from then on is late, as where another archive has newer traces of it. */
  markLateFrom(testId: string, from: number): void;
  /** By test id, since when there may be traces that came late; tests of which none came are not there. */
  earliestByTest(): Map<string, number>;
  /** Forgets that any came late. */
  clear(testId: string): void;
  /** Keeps the state of a test as it stands as one to go back to. */
  saveCheckpoint(testId: string): void;
  /** The same for a state that is given, in place of all after `since`, which know nothing of late traces. */
  replaceCheckpoints(testId: string, since: number, checkpoint: DetectionCheckpoint | null): void;
  /** The newest state from before a moment, or else the oldest; null for none. */
  checkpointBefore(testId: string, at: number): DetectionCheckpoint | null;
  /** Since when what came or comes of a test is late; null where nothing is. */
  lateFrom(testId: string): number | null;
  /** All states of a test that there are to go back to, oldest first. */
  checkpoints(testId: string): DetectionCheckpoint[];
  /** Takes in one of those of another store. */
  restoreCheckpoint(testId: string, checkpoint: DetectionCheckpoint): void;
}

/** Opens the tables of what came late. */
export function openLateArrivals(database: DatabaseSync, tests: Tests): LateArrivals {
  const insertLate = database.prepare(
    `INSERT INTO late_arrival (test, from_at) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET from_at = min(from_at, excluded.from_at)`,
  );
  const selectEarliest = database.prepare(
    `SELECT id, from_at AS at FROM late_arrival JOIN test ON test.number = late_arrival.test
     WHERE from_at <= newest_trace_at`,
  );
  const deleteLate = database.prepare('DELETE FROM late_arrival WHERE test = ?');
  const copyCurrent = database.prepare(
    `INSERT OR REPLACE INTO detection_checkpoint (test, until_at, body)
     SELECT test, until_at, body FROM detection WHERE test = ?`,
  );
  // With two of them, the older one lies as far back as results may be late.
  const deleteOlder = database.prepare(
    `DELETE FROM detection_checkpoint WHERE test = ?1 AND until_at < (
       SELECT until_at FROM detection_checkpoint WHERE test = ?1 ORDER BY until_at DESC LIMIT 1 OFFSET 1)`,
  );
  const insertCheckpoint = database.prepare(
    'INSERT OR REPLACE INTO detection_checkpoint (test, until_at, body) VALUES (?, ?, ?)',
  );
  const removeAfter = database.prepare(
    'DELETE FROM detection_checkpoint WHERE test = ? AND until_at > ?',
  );
  const selectLateFrom = database.prepare('SELECT from_at AS at FROM late_arrival WHERE test = ?');
  const selectCheckpoints = database.prepare(
    'SELECT until_at AS until, body FROM detection_checkpoint WHERE test = ? ORDER BY until_at',
  );
  const selectCheckpointBefore = database.prepare(
    `SELECT until_at AS until, body FROM detection_checkpoint WHERE test = ?1
     ORDER BY until_at < ?2 DESC, iif(until_at < ?2, -until_at, until_at) LIMIT 1`,
  );

  function restoreCheckpoint(testId: string, { until, engine }: DetectionCheckpoint): void {
    const number = tests.numberOf(testId);
    insertCheckpoint.run(number, until, packJsonUncompressed(engine));
    deleteOlder.run(number);
  }

  return {
    recordLateTrace(test, at) {
      insertLate.run(test, at);
    },
    markLateFrom(testId, from) {
      insertLate.run(tests.numberOf(testId), from);
    },
    earliestByTest() {
      const rows = selectEarliest.all() as unknown as { id: string; at: number }[];
      return new Map(rows.map(({ id, at }) => [id, at]));
    },
    clear(testId) {
      deleteLate.run(tests.numberOf(testId));
    },
    saveCheckpoint(testId) {
      const number = tests.numberOf(testId);
      copyCurrent.run(number);
      deleteOlder.run(number);
    },
    replaceCheckpoints(testId, since, checkpoint) {
      removeAfter.run(tests.numberOf(testId), since);
      if (checkpoint !== null) restoreCheckpoint(testId, checkpoint);
    },
    checkpointBefore(testId, at) {
      const row = selectCheckpointBefore.get(tests.numberOf(testId), at) as unknown as
        | CheckpointRow
        | undefined;
      return row === undefined ? null : toCheckpoint(row);
    },
    lateFrom(testId) {
      const row = selectLateFrom.get(tests.numberOf(testId)) as { at: number } | undefined;
      return row?.at ?? null;
    },
    checkpoints: (testId) =>
      (selectCheckpoints.all(tests.numberOf(testId)) as unknown as CheckpointRow[]).map(
        toCheckpoint,
      ),
    restoreCheckpoint,
  };
}

interface CheckpointRow {
  readonly until: number;
  readonly body: Uint8Array;
}

function toCheckpoint({ until, body }: CheckpointRow): DetectionCheckpoint {
  return { until, engine: unpackJson(body) };
}
