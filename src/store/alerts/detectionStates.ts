import type { DatabaseSync } from 'node:sqlite';
import { packJson, packJsonUncompressed, unpackJson } from '../db/packedJson.ts';
import { bytes, nullable, number, query, text } from '../db/query.ts';
import { clockRecordName } from '../runs/clockRecord.ts';
import type { Tests } from '../traces/tests.ts';

/** The state of the detection for one test. */
export interface StoredDetection {
  /** Start of the newest trace that it has processed, epoch seconds. */
  readonly until: number;
  /** Names of the devices and links of the usual route. */
  readonly elements: readonly string[];
  /** JSON of the detection. */
  readonly engine: unknown;
}

/** The states of the detection, by test. */
interface TestStates {
  /** Start of the newest processed trace by test id, epoch seconds; unseen tests are absent. */
  processedUntil(): Map<string, number>;
  /** Names of the devices and links of the usual route, by test id. */
  elements(): Map<string, readonly string[]>;
  /** null for an unseen test. */
  load(testId: string): StoredDetection | null;
  save(testId: string, detection: StoredDetection): void;
}

/** Since when the changes of each test are notified. Times are epoch seconds. */
interface WatchStates {
  /** By test id; tests without notifications are absent. */
  watchedSince(): Map<string, number>;
  /** Sets the moment unless it is set. */
  startWatching(testId: string, at: number): void;
  /** Moves later moments to now; they come from a clock that was ahead. */
  clampFutureTimestamps(now: number): void;
}

/** The states of the policy, by test. */
interface PolicyStates {
  /** JSON of the policy; null if the test breaks no rule. */
  policyState(testId: string): unknown;
  /** Ids of the tests with such a state. */
  testsWithPolicyState(): Set<string>;
  setPolicyState(testId: string, state: unknown): void;
}

/** States that concern the whole mesh, by name. */
interface MeshStates {
  /** JSON; null if there is none. */
  meshState(name: string): unknown;
  setMeshState(name: string, state: unknown): void;
  meshStateNames(): string[];
}

/** Findings that are not part of an incident yet. */
interface PendingFindings {
  /** Appends findings (JSON). */
  queueFindings(findings: readonly unknown[]): void;
  /** In the order in which they were queued. */
  pendingFindings(): unknown[];
  clearPendingFindings(): void;
}

/** States of the detection and the policy between two runs. */
export interface DetectionStates
  extends TestStates,
    WatchStates,
    PolicyStates,
    MeshStates,
    PendingFindings {}

/** Opens the tables of the detection. */
export function openDetectionStates(database: DatabaseSync, tests: Tests): DetectionStates {
  return {
    ...openTestStates(database, tests),
    ...openWatchStates(database, tests),
    ...openPolicyStates(database, tests),
    ...openMeshStates(database),
    ...openPendingFindings(database),
  };
}

function openTestStates(database: DatabaseSync, tests: Tests): TestStates {
  const selectAll = query(
    database,
    `SELECT id, until_at, elements FROM detection JOIN test ON test.number = detection.test
     ORDER BY id`,
    { id: text, until_at: number, elements: text },
  );
  const selectOne = query(
    database,
    'SELECT until_at, elements, body FROM detection WHERE test = ?',
    { until_at: number, elements: text, body: bytes },
  );
  const upsert = database.prepare(
    'INSERT OR REPLACE INTO detection (test, until_at, elements, body) VALUES (?, ?, ?, ?)',
  );
  return {
    processedUntil: () => new Map(selectAll.all().map((row) => [row.id, row.until_at])),
    elements: () => new Map(selectAll.all().map((row) => [row.id, JSON.parse(row.elements)])),
    load(testId) {
      const row = selectOne.get(tests.numberOf(testId));
      if (row === undefined) return null;
      const elements = JSON.parse(row.elements) as string[];
      return { until: row.until_at, elements, engine: unpackJson(row.body) };
    },
    save(testId, { until, elements, engine }) {
      const test = tests.numberOf(testId);
      upsert.run(test, until, JSON.stringify(elements), packJsonUncompressed(engine));
    },
  };
}

function openWatchStates(database: DatabaseSync, tests: Tests): WatchStates {
  const selectAll = query(
    database,
    'SELECT id, watched_since FROM test WHERE watched_since IS NOT NULL',
    { id: text, watched_since: number },
  );
  const start = database.prepare(
    'UPDATE test SET watched_since = coalesce(watched_since, ?) WHERE number = ?',
  );
  const clamp = database.prepare(
    'UPDATE test SET watched_since = ?1 + 1 WHERE watched_since > ?1 + 1',
  );
  return {
    watchedSince: () => new Map(selectAll.all().map((row) => [row.id, row.watched_since])),
    startWatching(testId, at) {
      start.run(at, tests.numberOf(testId));
    },
    clampFutureTimestamps(now) {
      clamp.run(now);
    },
  };
}

function openPolicyStates(database: DatabaseSync, tests: Tests): PolicyStates {
  const selectOne = query(database, 'SELECT policy_state FROM test WHERE number = ?', {
    policy_state: nullable(text),
  });
  const selectIds = query(database, 'SELECT id FROM test WHERE policy_state IS NOT NULL', {
    id: text,
  });
  const update = database.prepare('UPDATE test SET policy_state = ? WHERE number = ?');
  return {
    policyState(testId) {
      const state = selectOne.get(tests.numberOf(testId))?.policy_state ?? null;
      return state === null ? null : JSON.parse(state);
    },
    testsWithPolicyState: () => new Set(selectIds.all().map(({ id }) => id)),
    setPolicyState(testId, state) {
      update.run(JSON.stringify(state), tests.numberOf(testId));
    },
  };
}

function openMeshStates(database: DatabaseSync): MeshStates {
  const selectOne = query(database, 'SELECT body FROM mesh_state WHERE name = ?', { body: bytes });
  const selectNames = query(
    database,
    `SELECT name FROM mesh_state WHERE name <> '${clockRecordName}' ORDER BY name`,
    { name: text },
  );
  const upsert = database.prepare('INSERT OR REPLACE INTO mesh_state (name, body) VALUES (?, ?)');
  return {
    meshState(name) {
      const row = selectOne.get(name);
      return row === undefined ? null : unpackJson(row.body);
    },
    setMeshState(name, state) {
      upsert.run(name, packJson(state));
    },
    meshStateNames: () => selectNames.all().map(({ name }) => name),
  };
}

function openPendingFindings(database: DatabaseSync): PendingFindings {
  const insert = database.prepare('INSERT INTO pending_finding (body) VALUES (?)');
  const selectAll = query(database, 'SELECT body FROM pending_finding ORDER BY number', {
    body: bytes,
  });
  const deleteAll = database.prepare('DELETE FROM pending_finding');
  return {
    queueFindings(findings) {
      for (const finding of findings) insert.run(packJson(finding));
    },
    pendingFindings: () => selectAll.all().map(({ body }) => unpackJson(body)),
    clearPendingFindings() {
      deleteAll.run();
    },
  };
}
