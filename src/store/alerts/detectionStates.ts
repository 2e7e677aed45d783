import type { DatabaseSync } from 'node:sqlite';
import { packJson, packJsonUncompressed, unpackJson } from '../db/packedJson.ts';
import type { Tests } from '../traces/tests.ts';

/** What the detection keeps of a test between two runs. */
export interface StoredDetection {
  /** Start of the newest trace that it has seen, epoch seconds. */
  readonly until: number;
  /** Names of the devices and links of the usual route. */
  readonly elements: readonly string[];
  /** JSON of the detection. */
  readonly engine: unknown;
}

/** What the detection and the policy remember, test by test and of the mesh. */
export interface DetectionStates {
  /** By test id, how far the detection has come; epoch seconds. Tests that it has not seen are not there. */
  processedUntil(): Map<string, number>;
  /** By test id, the names of the devices and links of the usual route. */
  elements(): Map<string, readonly string[]>;
  /** null for a test that it has not seen. */
  load(testId: string): StoredDetection | null;
  save(testId: string, detection: StoredDetection): void;
  /** By test id, since when people are told of its changes, epoch seconds. */
  watchedSince(): Map<string, number>;
  /** The same for one test; null when it is not watched. */
  watchedSinceOf(testId: string): number | null;
  /** Sets that moment, unless it is set. */
  startWatching(testId: string, at: number): void;
  /** Moments that are later than now (epoch seconds) are of a clock that was ahead: they become now. */
  clampFutureTimestamps(now: number): void;
  /** JSON of the policy's state; null when no rule was broken. */
  policyState(testId: string): unknown;
  /** Tests that have such a state, by id. */
  testsWithPolicyState(): Set<string>;
  setPolicyState(testId: string, state: unknown): void;
  /** JSON of what is remembered of the mesh as a whole under a name; null for nothing. */
  meshState(name: string): unknown;
  setMeshState(name: string, state: unknown): void;
  /** Names under which something is remembered of the mesh. */
  meshStateNames(): string[];
  /** Puts findings behind those that wait to be taken into incidents; JSON. */
  queueFindings(findings: readonly unknown[]): void;
  /** Those that wait, in the order in which they came. */
  pendingFindings(): unknown[];
  /** Forgets all that wait. */
  clearPendingFindings(): void;
}

/** Opens the tables of the detection. */
export function openDetectionStates(database: DatabaseSync, tests: Tests): DetectionStates {
  const every = database.prepare(
    `SELECT id, until_at AS until, elements FROM detection JOIN test ON test.number = detection.test
     ORDER BY id`,
  );
  const load = database.prepare('SELECT until_at, elements, body FROM detection WHERE test = ?');
  const save = database.prepare(
    'INSERT OR REPLACE INTO detection (test, until_at, elements, body) VALUES (?, ?, ?, ?)',
  );
  const rows = () => every.all() as unknown as { id: string; until: number; elements: string }[];
  return {
    processedUntil: () => new Map(rows().map(({ id, until }) => [id, until])),
    elements: () =>
      new Map(rows().map(({ id, elements }) => [id, JSON.parse(elements) as string[]])),
    load(testId) {
      const row = load.get(tests.numberOf(testId)) as unknown as DetectionRow | undefined;
      if (row === undefined) return null;
      const elements = JSON.parse(row.elements) as string[];
      return { until: row.until_at, elements, engine: unpackJson(row.body) };
    },
    save(testId, { until, elements, engine }) {
      save.run(
        tests.numberOf(testId),
        until,
        JSON.stringify(elements),
        packJsonUncompressed(engine),
      );
    },
    ...openWatchStates(database, tests),
    ...openMeshStates(database),
    ...openPendingFindings(database),
  };
}

interface DetectionRow {
  readonly until_at: number;
  readonly elements: string;
  readonly body: Uint8Array;
}

interface TestIdRow {
  readonly id: string;
}

function openWatchStates(
  database: DatabaseSync,
  tests: Tests,
): Pick<
  DetectionStates,
  | 'watchedSince'
  | 'watchedSinceOf'
  | 'startWatching'
  | 'clampFutureTimestamps'
  | 'policyState'
  | 'testsWithPolicyState'
  | 'setPolicyState'
> {
  const selectWatched = database.prepare(
    'SELECT id, watched_since AS at FROM test WHERE watched_since IS NOT NULL',
  );
  const selectWatchedSince = database.prepare(
    'SELECT watched_since AS at FROM test WHERE number = ?',
  );
  const setWatchedSince = database.prepare(
    'UPDATE test SET watched_since = coalesce(watched_since, ?) WHERE number = ?',
  );
  const clampWatchedSince = database.prepare(
    'UPDATE test SET watched_since = ?1 + 1 WHERE watched_since > ?1 + 1',
  );
  const selectPolicyState = database.prepare(
    'SELECT policy_state AS state FROM test WHERE number = ?',
  );
  const selectWithPolicyState = database.prepare(
    'SELECT id FROM test WHERE policy_state IS NOT NULL',
  );
  const updatePolicyState = database.prepare('UPDATE test SET policy_state = ? WHERE number = ?');
  return {
    watchedSince() {
      const rows = selectWatched.all() as unknown as { id: string; at: number }[];
      return new Map(rows.map(({ id, at }) => [id, at]));
    },
    watchedSinceOf(testId) {
      const row = selectWatchedSince.get(tests.numberOf(testId)) as { at: number | null };
      return row.at;
    },
    startWatching(testId, at) {
      setWatchedSince.run(at, tests.numberOf(testId));
    },
    clampFutureTimestamps(now) {
      clampWatchedSince.run(now);
    },
    policyState(testId) {
      const row = selectPolicyState.get(tests.numberOf(testId)) as { state: string | null };
      return row.state === null ? null : JSON.parse(row.state);
    },
    testsWithPolicyState: () =>
      new Set((selectWithPolicyState.all() as unknown as TestIdRow[]).map(({ id }) => id)),
    setPolicyState(testId, state) {
      updatePolicyState.run(JSON.stringify(state), tests.numberOf(testId));
    },
  };
}

function openMeshStates(
  database: DatabaseSync,
): Pick<DetectionStates, 'meshState' | 'setMeshState' | 'meshStateNames'> {
  const load = database.prepare('SELECT body FROM mesh_state WHERE name = ?');
  const save = database.prepare('INSERT OR REPLACE INTO mesh_state (name, body) VALUES (?, ?)');
  const names = database.prepare('SELECT name FROM mesh_state ORDER BY name');
  return {
    meshState(name) {
      const row = load.get(name) as { body: Uint8Array } | undefined;
      return row === undefined ? null : unpackJson(row.body);
    },
    setMeshState(name, state) {
      save.run(name, packJson(state));
    },
    meshStateNames: () => (names.all() as unknown as { name: string }[]).map(({ name }) => name),
  };
}

function openPendingFindings(
  database: DatabaseSync,
): Pick<DetectionStates, 'queueFindings' | 'pendingFindings' | 'clearPendingFindings'> {
  const add = database.prepare('INSERT INTO pending_finding (body) VALUES (?)');
  const every = database.prepare('SELECT body FROM pending_finding ORDER BY number');
  const clear = database.prepare('DELETE FROM pending_finding');
  return {
    queueFindings(added) {
      for (const finding of added) add.run(packJson(finding));
    },
    pendingFindings: () =>
      (every.all() as unknown as { body: Uint8Array }[]).map(({ body }) => unpackJson(body)),
    clearPendingFindings() {
      clear.run();
    },
  };
}
