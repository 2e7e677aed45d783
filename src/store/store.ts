import type { DatabaseSync } from 'node:sqlite';
import type { Problem } from '../model/run/problem.ts';
import { clampFutureTimes } from './db/clampFutureTimes.ts';
import { inRolledBackTransaction, type Transactions } from './db/transactions.ts';
import { type HistoryStore, openHistoryStore } from './history/historyStore.ts';
import { openClockRecord, type StoredClockRecord } from './runs/clockRecord.ts';
import { openRunStore, type RunStore } from './runs/runStore.ts';
import { openTables, type Tables } from './tables.ts';
import { deleteFutureTraces } from './traces/deleteFutureTraces.ts';
import { type EmptyTests, openEmptyTests } from './traces/emptyTests.ts';
import { openTraceStore, type TraceStore } from './traces/traceStore.ts';

/** Tables that are handed out as they are. */
type AlertTables = Pick<
  Tables,
  | 'identities'
  | 'detectionStates'
  | 'lateArrivals'
  | 'changes'
  | 'incidents'
  | 'silences'
  | 'acknowledgements'
  | 'acceptances'
  | 'outbox'
  | 'pastVersions'
  | 'archiveReaders'
  | 'metrics'
>;

/**
 * The only state of the program, from which every page can be rebuilt offline. All times are epoch
 * seconds. Every method throws `ExpectedError` of kind `store` if the database cannot be used. A
 * test has to be upserted before any other method takes its id.
 */
export interface Store
  extends EmptyTests,
    TraceStore,
    HistoryStore,
    RunStore,
    AlertTables,
    Transactions {
  /** Problems while opening, such as a database that was quarantined. */
  readonly problems: readonly Problem[];
  /**
   * Corrects what a clock that was a few minutes ahead recorded after `now`. Otherwise the time
   * that it skipped would never be read, and its changes would never be notified.
   */
  clampFutureTimestamps(now: number): void;
  /**
   * Corrects everything that a clock that was ahead recorded after `now`, and deletes the traces
   * after `lastResultAt`. Reads all changes.
   */
  clampAllFutureTimes(now: number, lastResultAt: number): void;
  /** The record of the clock, which survives all corrections. */
  readonly clockRecord: StoredClockRecord;
  /**
   * Does work and rolls everything back afterwards. Until then the store sees what the work stored.
   * Close the store afterwards.
   */
  inRolledBackTransaction<T>(work: () => Promise<T>): Promise<T>;
  close(): void;
}

/** The store over an open database. Errors are those of SQLite. */
export function createStore(database: DatabaseSync): Omit<Store, 'problems'> {
  const tables = openTables(database);
  return {
    ...openTraceStore(database, tables),
    ...openEmptyTests(database, tables.tests, tables.transaction),
    ...openHistoryStore(tables),
    ...openRunStore(tables),
    ...pickAlertTables(tables),
    transaction: tables.transaction,
    batched: tables.batched,
    commitBatch: tables.commitBatch,
    clampFutureTimestamps: (now) => clampFutureTimestamps(tables, now),
    clampAllFutureTimes: (now, lastResultAt) =>
      tables.transaction(() => {
        clampFutureTimestamps(tables, now);
        clampFutureTimes(database, now, lastResultAt);
        deleteFutureTraces(tables, lastResultAt);
      }),
    clockRecord: openClockRecord(database),
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

function pickAlertTables(tables: Tables): AlertTables {
  const { identities, detectionStates, lateArrivals, changes, incidents } = tables;
  const { silences, acknowledgements, acceptances, outbox, pastVersions, archiveReaders, metrics } =
    tables;
  return {
    identities,
    detectionStates,
    lateArrivals,
    changes,
    incidents,
    silences,
    acknowledgements,
    acceptances,
    outbox,
    pastVersions,
    archiveReaders,
    metrics,
  };
}

function clampFutureTimestamps(tables: Tables, now: number): void {
  const { transaction, coverage, archives, detectionStates, outbox } = tables;
  transaction(() => {
    coverage.clampFutureTimestamps(Math.floor(now));
    archives.clampFutureTimestamps(now);
    detectionStates.clampFutureTimestamps(now);
    outbox.clampFutureTimestamps(now);
  });
}
