import type { DatabaseSync } from 'node:sqlite';
import type { StoredRoutePeriod } from '../model/analysis.ts';
import type { Problem } from '../model/problem.ts';
import type { Run } from '../model/run.ts';
import type { Failure, Interval, Responder, Trace } from '../model/trace.ts';
import type { Acknowledgements } from './alerts/acknowledgements.ts';
import type { Changes } from './alerts/changes.ts';
import type { DetectionStates } from './alerts/detectionStates.ts';
import type { Incidents } from './alerts/incidents.ts';
import type { LateArrivals } from './alerts/lateArrivals.ts';
import type { StoredOutbox } from './alerts/outbox.ts';
import type { Silences } from './alerts/silences.ts';
import { inRolledBackTransaction, type Transaction } from './db/transactions.ts';
import type { UnfinalizedTest } from './history/finalizedHistory.ts';
import { pruneTraces } from './history/retention.ts';
import { finalizeDay, type RouteHistory, readRouteHistory } from './history/routeHistory.ts';
import { openTables } from './tables.ts';
import { addressesWithinHops } from './traces/addressesWithinHops.ts';
import { appendTraces } from './traces/appendTraces.ts';
import { findMissing } from './traces/intervalArithmetic.ts';
import type { Lookups } from './traces/lookups.ts';
import type { ListedTest, StoredTest, TestEntry } from './traces/tests.ts';

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
  missingIntervals(testId: string, wanted: Interval, overlapSeconds: number): Interval[];
  /** Traces that started within the window, ascending; equal routes are the same object. */
  traces(testId: string, window: Interval): Trace[];
  /** The same for new traces, which are looked at once. */
  readTracesOnce(testId: string, window: Interval): Trace[];
  failures(testId: string, window: Interval): Failure[];
  /** What is known of every address: the last good values. */
  responders(): ReadonlyMap<string, Responder>;
  /** Every address that any stored route has within the first `hops` hops. */
  addressesWithinHops(hops: number): Set<string>;
  /** What is to be looked up of them; what comes of it is known as their last good values. */
  dueLookups: Lookups['due'];
  /** Takes in what look-ups told, all or nothing. */
  recordLookups: Lookups['record'];
  /** Tests that have traces before a midnight UTC which no route period tells yet, and since which midnight. */
  unfinalizedTests(until: number): UnfinalizedTest[];
  /** Records the route periods of the day that begins at `midnight`, and that all days before are told. */
  finalizeDay(testId: string, midnight: number, periods: readonly StoredRoutePeriod[]): void;
  /**
   * The newest `limit` route periods of a test before a moment, however long ago. `twins`: tests whose traces were settled
   * together with its own.
   */
  routeHistory(
    testId: string,
    before: number,
    limit: number,
    duplicates?: readonly string[],
  ): RouteHistory;
  /**
   * Deletes the traces of the days before a moment, as far as route periods tell them. Returns up to where they are gone
   * now, null when there was nothing to delete.
   */
  prune(before: number): number | null;
  /**
   * Takes back that anything was read, planned or begun after `now`, which only a clock that was ahead can have recorded: else the
   * time it skipped would never be read, and nobody told of what happens in it.
   */
  clampFutureTimestamps(now: number): void;
  /** Up to when an archive's list of tests has been read; null before the first time. */
  listedUntil(archive: string): number | null;
  setListedUntil(archive: string, at: number): void;
  /** Marks of the files that runs took in, by path. */
  ingestedFiles(): ReadonlyMap<string, string>;
  setIngestedFiles(marks: ReadonlyMap<string, string>): void;
  /** Records a run that begins and returns the number to finish it by. */
  startRun(run: Run): number;
  finishRun(number: number, run: Run): void;
  /** The newest `limit` runs, newest first; a few hundred are kept. */
  runs(limit: number): Run[];
  readonly detectionStates: DetectionStates;
  readonly lateArrivals: LateArrivals;
  readonly changes: Changes;
  readonly incidents: Incidents;
  readonly silences: Silences;
  readonly acknowledgements: Acknowledgements;
  readonly outbox: StoredOutbox;
  /** Groups calls into one transaction, which is faster than one each: all of it is kept or none. Synchronous. */
  transaction: Transaction;
  /**
   * For calls that do not depend on each other, as the appends of many tests: keeps them up to a moment later, many at once. A call that
   * fails is undone alone.
   */
  batched: Transaction;
  /** Keeps what was gathered; throws what has kept it from being kept. */
  commitBatch(): void;
  /** Does work of which nothing stays in the end. The store sees it until then and forgets it; close it afterwards. */
  inRolledBackTransaction<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

/** The store over an open database; errors come as SQLite throws them. */
export function createStore(database: DatabaseSync): Omit<Store, 'problems'> {
  const tables = openTables(database);
  const {
    tests,
    finalized,
    responders,
    lookups,
    traces,
    failures,
    coverage,
    archives,
    ingestedFiles,
    runs,
  } = tables;
  const { detectionStates, lateArrivals, changes, incidents, silences, acknowledgements, outbox } =
    tables;
  const { transaction, batched } = tables;
  return {
    transaction,
    batched,
    commitBatch: tables.commitBatch,
    detectionStates,
    lateArrivals,
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
        for (const responder of reading.responders.values()) responders.update(responder);
        const added = appendTraces(tables, test, reading.traces);
        failures.append(test.number, reading.failures);
        if (reading.interval !== null) coverage.add(test.number, reading.interval);
        return { added };
      }),
    missingIntervals: (testId, wanted, overlapSeconds) =>
      findMissing(wanted, coverage.intervalsOf(tests.numberOf(testId)), overlapSeconds),
    traces(testId, window) {
      const test = tests.find(testId);
      const range = clipToTraces(window, test);
      return range === null ? [] : traces.read(test.number, range);
    },
    readTracesOnce(testId, window) {
      const test = tests.find(testId);
      const range = clipToTraces(window, test);
      return range === null ? [] : traces.readUncached(test.number, range);
    },
    failures: (testId, window) => failures.read(tests.numberOf(testId), window),
    responders: responders.all,
    addressesWithinHops: (hops) => addressesWithinHops(database, responders, hops),
    dueLookups: lookups.due,
    recordLookups: (...answers) => transaction(() => lookups.record(...answers)),
    unfinalizedTests: finalized.unfinalized,
    finalizeDay: (testId, midnight, periods) => finalizeDay(tables, testId, midnight, periods),
    routeHistory: (testId, before, limit, duplicates = []) =>
      readRouteHistory(tables, testId, before, limit, duplicates),
    prune: (before) => pruneTraces(tables, before),
    clampFutureTimestamps: (now) =>
      transaction(() => {
        coverage.clampFutureTimestamps(Math.floor(now));
        archives.clampFutureTimestamps(now);
        detectionStates.clampFutureTimestamps(now);
        outbox.clampFutureTimestamps(now);
      }),
    listedUntil: archives.listedUntil,
    setListedUntil: archives.setListedUntil,
    ingestedFiles: ingestedFiles.all,
    setIngestedFiles: (marks) => transaction(() => ingestedFiles.replace(marks)),
    startRun: (run) => transaction(() => runs.start(run)),
    finishRun: runs.finish,
    runs: runs.newest,
    inRolledBackTransaction: (work) => inRolledBackTransaction(database, work),
    close() {
      try {
        tables.commitBatch();
      } finally {
        database.close();
      }
    },
  };
}

/** The part of a window in which a test has traces. */
function clipToTraces(
  window: Interval,
  { oldestTraceAt, newestTraceAt }: TestEntry,
): Interval | null {
  const from = Math.max(window.from, oldestTraceAt ?? Infinity);
  const to = Math.min(window.to, newestTraceAt ?? -Infinity);
  return from <= to ? { from, to } : null;
}
