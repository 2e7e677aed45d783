import type { DatabaseSync } from 'node:sqlite';

/**
 * Commits all of `work` or nothing; nests. Returns the result of `work`, which must be synchronous.
 */
export type Transaction = <T>(work: () => T) => T;

/** The transactions of a database. */
export interface Transactions {
  readonly transaction: Transaction;
  /**
   * Runs independent work, such as the appends of many tests, and commits it a moment later
   * together with other such work: a commit costs half as much as the work. Work that fails is
   * rolled back alone. `commitBatch` and any transaction outside the batch commit the batch first.
   */
  readonly batched: Transaction;
  /** Commits the batch. Throws the error of an earlier commit that failed. */
  commitBatch(): void;
}

/** Most calls in one commit. */
const maxBatchSize = 16;
/** Longest wait for a commit, during which no other process can write. */
const maxBatchWaitMs = 100;

/** Creates the transactions of a database. Calls `onRollback` after a rollback, to clear caches. */
export function createTransactions(database: DatabaseSync, onRollback: () => void): Transactions {
  let commitTimer: NodeJS.Timeout | null = null;
  let batchSize = 0;
  let isInBatch = false;
  let failure: { readonly error: unknown } | null = null;

  function rollBack(statement: string): void {
    onRollback();
    // On a full disk SQLite has already rolled back everything.
    if (database.isTransaction) database.exec(statement);
  }

  function commitBatch(): void {
    const previousFailure = failure;
    failure = null;
    if (previousFailure !== null) throw previousFailure.error;
    if (commitTimer === null) return;
    clearTimeout(commitTimer);
    commitTimer = null;
    try {
      if (database.isTransaction) database.exec('COMMIT');
    } catch (error) {
      rollBack('ROLLBACK');
      throw error;
    }
  }

  function commitOnTimer(): void {
    try {
      commitBatch();
    } catch (error) {
      failure = { error };
    }
  }

  return {
    transaction(work) {
      if (!isInBatch) commitBatch();
      const outermost = !database.isTransaction;
      database.exec(outermost ? 'BEGIN IMMEDIATE' : 'SAVEPOINT part');
      try {
        const result = work();
        database.exec(outermost ? 'COMMIT' : 'RELEASE part');
        return result;
      } catch (error) {
        rollBack(outermost ? 'ROLLBACK' : 'ROLLBACK TO part; RELEASE part');
        throw error;
      }
    },
    batched(work) {
      if (commitTimer === null && database.isTransaction) return work();
      if (failure !== null || batchSize === maxBatchSize) commitBatch();
      if (commitTimer === null) {
        database.exec('BEGIN IMMEDIATE');
        commitTimer = setTimeout(commitOnTimer, maxBatchWaitMs).unref();
        batchSize = 0;
      }
      isInBatch = true;
      batchSize += 1;
      try {
        return work();
      } finally {
        isInBatch = false;
      }
    },
    commitBatch,
  };
}

/** Does work and rolls back everything that it stored, even in transactions of its own. */
export async function inRolledBackTransaction<T>(
  database: DatabaseSync,
  work: () => Promise<T>,
): Promise<T> {
  database.exec('BEGIN IMMEDIATE');
  try {
    return await work();
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}
