import type { DatabaseSync } from 'node:sqlite';
import type { DetectionCheckpoint } from '../../model/change/detectionCheckpoint.ts';
import { packJsonUncompressed, unpackJson } from '../db/packedJson.ts';
import { bytes, number, query, type Row, text } from '../db/query.ts';
import type { Tests } from '../traces/tests.ts';

/** The traces that arrived after newer ones of their test. Times are epoch seconds. */
interface LateTraces {
  /** Records that a trace with this start arrived late. `test`: the number of its test. */
  recordLateTrace(test: number, at: number): void;
  /**
   * Records that all traces of a test from a moment on are late: another archive has newer ones.
   */
  markLateFrom(testId: string, from: number): void;
  /** The earliest late trace of each test that has any, by test id. */
  earliestByTest(): Map<string, number>;
  /** The moment from which traces of a test are late; null if none are. */
  lateFrom(testId: string): number | null;
  /** Deletes the records of late traces of a test. */
  clear(testId: string): void;
}

/** Earlier states of the detection, from which it replays the time of late traces. */
interface Checkpoints {
  /** Saves the current state of a test as a checkpoint. */
  saveCheckpoint(testId: string): void;
  /**
   * Replaces the checkpoints after `since`, which did not include the late traces, by one or none.
   */
  replaceCheckpoints(testId: string, since: number, checkpoint: DetectionCheckpoint | null): void;
  /** The newest checkpoint before a moment, else the oldest one; null if there is none. */
  checkpointBefore(testId: string, at: number): DetectionCheckpoint | null;
  /** All checkpoints of a test, oldest first. */
  checkpoints(testId: string): DetectionCheckpoint[];
  /** Stores a checkpoint from another store. */
  restoreCheckpoint(testId: string, checkpoint: DetectionCheckpoint): void;
}

/**
 * Late traces and checkpoints. Losing them is harmless: late traces then merely belong to the past.
 */
export interface LateArrivals extends LateTraces, Checkpoints {}

/** Opens the tables of late traces and checkpoints. */
export function openLateArrivals(database: DatabaseSync, tests: Tests): LateArrivals {
  return { ...openLateTraces(database, tests), ...openCheckpoints(database, tests) };
}

function openLateTraces(database: DatabaseSync, tests: Tests): LateTraces {
  const insert = database.prepare(
    `INSERT INTO late_arrival (test, from_at) VALUES (?, ?)
     ON CONFLICT DO UPDATE SET from_at = min(from_at, excluded.from_at)`,
  );
  const selectEarliest = query(
    database,
    `SELECT id, from_at FROM late_arrival JOIN test ON test.number = late_arrival.test
     WHERE from_at <= newest_trace_at`,
    { id: text, from_at: number },
  );
  const selectOne = query(database, 'SELECT from_at FROM late_arrival WHERE test = ?', {
    from_at: number,
  });
  const deleteOne = database.prepare('DELETE FROM late_arrival WHERE test = ?');
  return {
    recordLateTrace(test, at) {
      insert.run(test, at);
    },
    markLateFrom(testId, from) {
      insert.run(tests.numberOf(testId), from);
    },
    earliestByTest: () => new Map(selectEarliest.all().map((row) => [row.id, row.from_at])),
    lateFrom: (testId) => selectOne.get(tests.numberOf(testId))?.from_at ?? null,
    clear(testId) {
      deleteOne.run(tests.numberOf(testId));
    },
  };
}

const checkpointColumns = { until_at: number, body: bytes };

function openCheckpoints(database: DatabaseSync, tests: Tests): Checkpoints {
  const copyCurrent = database.prepare(
    `INSERT OR REPLACE INTO detection_checkpoint (test, until_at, body)
     SELECT test, until_at, body FROM detection WHERE test = ?`,
  );
  const insert = database.prepare(
    'INSERT OR REPLACE INTO detection_checkpoint (test, until_at, body) VALUES (?, ?, ?)',
  );
  // Of two checkpoints, the older one lies as far back as results may be late.
  const deleteOlder = database.prepare(
    `DELETE FROM detection_checkpoint WHERE test = ?1 AND until_at < (
       SELECT until_at FROM detection_checkpoint WHERE test = ?1
       ORDER BY until_at DESC LIMIT 1 OFFSET 1)`,
  );
  const deleteAfter = database.prepare(
    'DELETE FROM detection_checkpoint WHERE test = ? AND until_at > ?',
  );
  const selectAll = query(
    database,
    'SELECT until_at, body FROM detection_checkpoint WHERE test = ? ORDER BY until_at',
    checkpointColumns,
  );
  const selectBefore = query(
    database,
    `SELECT until_at, body FROM detection_checkpoint WHERE test = ?1
     ORDER BY until_at < ?2 DESC, iif(until_at < ?2, -until_at, until_at) LIMIT 1`,
    checkpointColumns,
  );

  function restoreCheckpoint(testId: string, { until, engine }: DetectionCheckpoint): void {
    const test = tests.numberOf(testId);
    insert.run(test, until, packJsonUncompressed(engine));
    deleteOlder.run(test);
  }

  return {
    saveCheckpoint(testId) {
      const test = tests.numberOf(testId);
      copyCurrent.run(test);
      deleteOlder.run(test);
    },
    replaceCheckpoints(testId, since, checkpoint) {
      deleteAfter.run(tests.numberOf(testId), since);
      if (checkpoint !== null) restoreCheckpoint(testId, checkpoint);
    },
    checkpointBefore(testId, at) {
      const row = selectBefore.get(tests.numberOf(testId), at);
      return row === undefined ? null : toCheckpoint(row);
    },
    checkpoints: (testId) => selectAll.all(tests.numberOf(testId)).map(toCheckpoint),
    restoreCheckpoint,
  };
}

function toCheckpoint({ until_at, body }: Row<typeof checkpointColumns>): DetectionCheckpoint {
  return { until: until_at, engine: unpackJson(body) };
}
