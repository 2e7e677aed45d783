import type { DatabaseSync } from 'node:sqlite';
import type { KeptPeriod } from '../model/analysis.ts';
import type { Problem } from '../model/problem.ts';
import type { Run } from '../model/run.ts';
import type { Failure, Interval, Responder, Trace } from '../model/trace.ts';
import type { Acknowledgements } from './acknowledgements.ts';
import { appendTraces } from './append.ts';
import type { Changes } from './changes.ts';
import { missing } from './coverage.ts';
import type { Detections } from './detections.ts';
import { type History, historyBefore, settle } from './history.ts';
import type { Incidents } from './incidents.ts';
import type { Lateness } from './lateness.ts';
import type { Lookups } from './lookups.ts';
import { nearAddresses } from './near.ts';
import type { KeptOutbox } from './outbox.ts';
import { forget } from './retention.ts';
import type { UnsettledTest } from './settled.ts';
import type { Silences } from './silences.ts';
import { openTables } from './tables.ts';
import type { ListedTest, StoredTest, TestEntry } from './tests.ts';
import { type Transaction, tentatively } from './transaction.ts';

/** What was read of one test: an interval that was read completely (null: none was), and everything found in it. */
export interface Reading {
  readonly interval: Interval | null;
  readonly traces: readonly Trace[];
  readonly responders: ReadonlyMap<string, Responder>;
  readonly failures: readonly Failure[];
}

/**
 * The only state of the program: every page can be rebuilt from it offline. All times are epoch seconds. Every
 * method throws `ExpectedError` of kind `store` when the database cannot be used. A test must be upserted before
 * anything else is asked of it.
 */
export interface Store {
  /** What opening it met with, as a database that had to be set aside. */
  readonly problems: readonly Problem[];
  /** Takes in tests as an archive lists them at `seenAt`. A test keeps its id, its first and its last such moment. */
  upsertTests(tests: readonly ListedTest[], seenAt: number): void;
  /** All tests ever listed, by id. */
  tests(): StoredTest[];
  /** Adds what was read, all or nothing; traces and failures known already change nothing. */
  append(testId: string, reading: Reading): { added: number };
  /** What of `wanted` has still to be read, ascending; the last `overlapSeconds` of what was read, once more. */
  missing(testId: string, wanted: Interval, overlapSeconds: number): Interval[];
  /** Traces that started within the window, ascending; equal routes are the same object. */
  traces(testId: string, window: Interval): Trace[];
  /** The same for new traces, which are looked at once. */
  newTraces(testId: string, window: Interval): Trace[];
  failures(testId: string, window: Interval): Failure[];
  /** What is known of every address: the last good values. */
  responders(): ReadonlyMap<string, Responder>;
  /** Every address that any stored route has within the first `hops` hops. */
  nearAddresses(hops: number): Set<string>;
  /** What is to be looked up of them; what comes of it is known as their last good values. */
  dueLookups: Lookups['due'];
  /** Takes in what look-ups told, all or nothing. */
  recordLookups: Lookups['record'];
  /** Tests that have traces before a midnight UTC which no route period tells yet, and since which midnight. */
  unsettled(until: number): UnsettledTest[];
  /** Records the route periods of the day that begins at `midnight`, and that all days before are told. */
  settle(testId: string, midnight: number, periods: readonly KeptPeriod[]): void;
  /**
   * The newest `limit` route periods of a test before a moment, however long ago. `twins`: tests whose traces were settled
   * together with its own.
   */
  history(testId: string, before: number, limit: number, twins?: readonly string[]): History;
  /**
   * Deletes the traces of the days before a moment, as far as route periods tell them. Returns up to where they are gone
   * now, null when there was nothing to delete.
   */
  forget(before: number): number | null;
  /**
   * Takes back that anything was read, planned or begun after `now`, which only a clock that was ahead can have recorded: else the
   * time it skipped would never be read, and nobody told of what happens in it.
   */
  distrust(now: number): void;
  /** Up to when an archive's list of tests has been read; null before the first time. */
  listedUntil(archive: string): number | null;
  setListedUntil(archive: string, at: number): void;
  /** Marks of the files that runs took in, by path. */
  takenFiles(): ReadonlyMap<string, string>;
  setTakenFiles(marks: ReadonlyMap<string, string>): void;
  /** Records a run that begins and returns the number to finish it by. */
  startRun(run: Run): number;
  finishRun(number: number, run: Run): void;
  /** The newest `limit` runs, newest first; a few hundred are kept. */
  runs(limit: number): Run[];
  readonly detections: Detections;
  readonly lateness: Lateness;
  readonly changes: Changes;
  readonly incidents: Incidents;
  readonly silences: Silences;
  readonly acknowledgements: Acknowledgements;
  readonly outbox: KeptOutbox;
  /** Groups calls into one transaction, which is faster than one each: all of it is kept or none. Synchronous. */
  transaction: Transaction;
  /**
   * For calls that do not depend on each other, as the appends of many tests: keeps them up to a moment later, many at once. A call that
   * fails is undone alone.
   */
  gathered: Transaction;
  /** Keeps what was gathered; throws what has kept it from being kept. */
  settleGathered(): void;
  /** Does work of which nothing stays in the end. The store sees it until then and forgets it; close it afterwards. */
  tentatively<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

/** The store over an open database; errors come as SQLite throws them. */
export function storeOver(database: DatabaseSync): Omit<Store, 'problems'> {
  const tables = openTables(database);
  const {
    tests,
    settled,
    responders,
    lookups,
    traces,
    failures,
    covered,
    archives,
    takenFiles,
    runs,
  } = tables;
  const { detections, lateness, changes, incidents, silences, acknowledgements, outbox } = tables;
  const { transaction, gathered } = tables;
  return {
    transaction,
    gathered,
    settleGathered: tables.settle,
    detections,
    lateness,
    changes,
    incidents,
    silences,
    acknowledgements,
    outbox,
    upsertTests: (listed, seenAt) =>
      transaction(() => {
        for (const test of listed) tests.upsert(test, seenAt);
      }),
    tests: tests.all,
    append: (testId, reading) =>
      transaction(() => {
        const test = tests.find(testId);
        for (const responder of reading.responders.values()) responders.learn(responder);
        const added = appendTraces(tables, test, reading.traces);
        failures.append(test.number, reading.failures);
        if (reading.interval !== null) covered.add(test.number, reading.interval);
        return { added };
      }),
    missing: (testId, wanted, overlapSeconds) =>
      missing(wanted, covered.of(tests.numberOf(testId)), overlapSeconds),
    traces(testId, window) {
      const test = tests.find(testId);
      const filled = filledPart(window, test);
      return filled === null ? [] : traces.read(test.number, filled);
    },
    newTraces(testId, window) {
      const test = tests.find(testId);
      const filled = filledPart(window, test);
      return filled === null ? [] : traces.readOnce(test.number, filled);
    },
    failures: (testId, window) => failures.read(tests.numberOf(testId), window),
    responders: responders.all,
    nearAddresses: (hops) => nearAddresses(database, responders, hops),
    dueLookups: lookups.due,
    recordLookups: (...answers) => transaction(() => lookups.record(...answers)),
    unsettled: settled.unsettled,
    settle: (testId, midnight, periods) => settle(tables, testId, midnight, periods),
    history: (testId, before, limit, twins = []) =>
      historyBefore(tables, testId, before, limit, twins),
    forget: (before) => forget(tables, before),
    distrust: (now) =>
      transaction(() => {
        covered.distrust(Math.floor(now));
        archives.distrust(now);
        detections.distrust(now);
        outbox.distrust(now);
      }),
    listedUntil: archives.listedUntil,
    setListedUntil: archives.setListedUntil,
    takenFiles: takenFiles.all,
    setTakenFiles: (marks) => transaction(() => takenFiles.replace(marks)),
    startRun: (run) => transaction(() => runs.start(run)),
    finishRun: runs.finish,
    runs: runs.newest,
    tentatively: (work) => tentatively(database, work),
    close() {
      try {
        tables.settle();
      } finally {
        database.close();
      }
    },
  };
}

/** The part of a window in which a test has traces. */
function filledPart(
  window: Interval,
  { oldestTraceAt, newestTraceAt }: TestEntry,
): Interval | null {
  const from = Math.max(window.from, oldestTraceAt ?? Infinity);
  const to = Math.min(window.to, newestTraceAt ?? -Infinity);
  return from <= to ? { from, to } : null;
}
