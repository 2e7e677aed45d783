import type { DatabaseSync } from 'node:sqlite';
import { packFleetingJson, packJson, unpackJson } from './packedJson.ts';
import type { Tests } from './tests.ts';

/** What the detection keeps of a test between two runs. */
export interface KeptDetection {
  /** Start of the newest trace that it has seen, epoch seconds. */
  readonly until: number;
  /** Names of the devices and links of the usual route. */
  readonly elements: readonly string[];
  /** JSON of the detection. */
  readonly engine: unknown;
}

/** What the detection and the policy remember, test by test and of the mesh. */
export interface Detections {
  /** By test id, how far the detection has come; epoch seconds. Tests that it has not seen are not there. */
  untils(): Map<string, number>;
  /** By test id, the names of the devices and links of the usual route. */
  elements(): Map<string, readonly string[]>;
  /** null for a test that it has not seen. */
  load(testId: string): KeptDetection | null;
  save(testId: string, kept: KeptDetection): void;
  /** By test id, since when people are told of its changes, epoch seconds. */
  watchedSince(): Map<string, number>;
  /** The same for one test; null when it is not watched. */
  watched(testId: string): number | null;
  /** Sets that moment, unless it is set. */
  watchFrom(testId: string, at: number): void;
  /** Moments that are later than now (epoch seconds) are of a clock that was ahead: they become now. */
  distrust(now: number): void;
  /** JSON of the policy's state; null when no rule was broken. */
  policy(testId: string): unknown;
  /** Tests that have such a state, by id. */
  underPolicy(): Set<string>;
  setPolicy(testId: string, state: unknown): void;
  /** JSON of what is remembered of the mesh as a whole under a name; null for nothing. */
  mesh(name: string): unknown;
  setMesh(name: string, state: unknown): void;
  /** Names under which something is remembered of the mesh. */
  meshNames(): string[];
  /** Puts findings behind those that wait to be taken into incidents; JSON. */
  queue(findings: readonly unknown[]): void;
  /** Those that wait, in the order in which they came. */
  queued(): unknown[];
  /** Forgets all that wait. */
  clearQueue(): void;
}

/** Opens the tables of the detection. */
export function openDetections(database: DatabaseSync, tests: Tests): Detections {
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
    untils: () => new Map(rows().map(({ id, until }) => [id, until])),
    elements: () =>
      new Map(rows().map(({ id, elements }) => [id, JSON.parse(elements) as string[]])),
    load(testId) {
      const row = load.get(tests.numberOf(testId)) as unknown as Row | undefined;
      if (row === undefined) return null;
      const elements = JSON.parse(row.elements) as string[];
      return { until: row.until_at, elements, engine: unpackJson(row.body) };
    },
    save(testId, { until, elements, engine }) {
      save.run(tests.numberOf(testId), until, JSON.stringify(elements), packFleetingJson(engine));
    },
    ...watching(database, tests),
    ...meshMemory(database),
    ...findings(database),
  };
}

interface Row {
  readonly until_at: number;
  readonly elements: string;
  readonly body: Uint8Array;
}

interface Named {
  readonly id: string;
}

function watching(
  database: DatabaseSync,
  tests: Tests,
): Pick<
  Detections,
  'watchedSince' | 'watched' | 'watchFrom' | 'distrust' | 'policy' | 'underPolicy' | 'setPolicy'
> {
  const watched = database.prepare(
    'SELECT id, watched_since AS at FROM test WHERE watched_since IS NOT NULL',
  );
  const one = database.prepare('SELECT watched_since AS at FROM test WHERE number = ?');
  const watch = database.prepare(
    'UPDATE test SET watched_since = coalesce(watched_since, ?) WHERE number = ?',
  );
  const correct = database.prepare(
    'UPDATE test SET watched_since = ?1 + 1 WHERE watched_since > ?1 + 1',
  );
  const policy = database.prepare('SELECT policy_state AS state FROM test WHERE number = ?');
  const underPolicy = database.prepare('SELECT id FROM test WHERE policy_state IS NOT NULL');
  const setPolicy = database.prepare('UPDATE test SET policy_state = ? WHERE number = ?');
  return {
    watchedSince() {
      const rows = watched.all() as unknown as { id: string; at: number }[];
      return new Map(rows.map(({ id, at }) => [id, at]));
    },
    watched(testId) {
      const row = one.get(tests.numberOf(testId)) as { at: number | null };
      return row.at;
    },
    watchFrom(testId, at) {
      watch.run(at, tests.numberOf(testId));
    },
    distrust(now) {
      correct.run(now);
    },
    policy(testId) {
      const row = policy.get(tests.numberOf(testId)) as { state: string | null };
      return row.state === null ? null : JSON.parse(row.state);
    },
    underPolicy: () => new Set((underPolicy.all() as unknown as Named[]).map(({ id }) => id)),
    setPolicy(testId, state) {
      setPolicy.run(JSON.stringify(state), tests.numberOf(testId));
    },
  };
}

function meshMemory(database: DatabaseSync): Pick<Detections, 'mesh' | 'setMesh' | 'meshNames'> {
  const load = database.prepare('SELECT body FROM mesh_memory WHERE name = ?');
  const save = database.prepare('INSERT OR REPLACE INTO mesh_memory (name, body) VALUES (?, ?)');
  const names = database.prepare('SELECT name FROM mesh_memory ORDER BY name');
  return {
    mesh(name) {
      const row = load.get(name) as { body: Uint8Array } | undefined;
      return row === undefined ? null : unpackJson(row.body);
    },
    setMesh(name, state) {
      save.run(name, packJson(state));
    },
    meshNames: () => (names.all() as unknown as { name: string }[]).map(({ name }) => name),
  };
}

function findings(database: DatabaseSync): Pick<Detections, 'queue' | 'queued' | 'clearQueue'> {
  const add = database.prepare('INSERT INTO finding (body) VALUES (?)');
  const every = database.prepare('SELECT body FROM finding ORDER BY number');
  const clear = database.prepare('DELETE FROM finding');
  return {
    queue(found) {
      for (const finding of found) add.run(packJson(finding));
    },
    queued: () =>
      (every.all() as unknown as { body: Uint8Array }[]).map(({ body }) => unpackJson(body)),
    clearQueue() {
      clear.run();
    },
  };
}
