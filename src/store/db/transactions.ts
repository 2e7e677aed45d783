import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` as a whole or not at all; nests. Returns what `work` returns, which must not be a promise. */
export type Transaction = <T>(work: () => T) => T;

/** The transactions of a database. */
export interface Transactions {
  readonly transaction: Transaction;
  /**
   * Runs work made of transactions, which are committed a moment later with those of other such calls: a commit costs half as much as
   * the work. What fails is undone alone. A transaction beside them, and `settle`, commit them first.
   */
  readonly batched: Transaction;
  /** Commits what was gathered. Throws what has kept it from being committed, if anything did. */
  commitBatch(): void;
}

/** Calls in one commit, and how long the first of them waits for it at most: so long other processes cannot write. */
const maxBatchSize = 16;
const maxBatchWaitMs = 100;

/** Transactions of a database. `forget` is called after a rollback: what was read within it may be gone. */
export function createTransactions(database: DatabaseSync, onRollback: () => void): Transactions {
  let commitTimer: NodeJS.Timeout | null = null;
  let batchSize = 0;
  let isInBatch = false;
  let failure: { readonly error: unknown } | null = null;

  function rollBack(statement: string): void {
    onRollback();
    // A full disk makes SQLite roll back everything by itself.
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

/** Does work of which nothing stays, whatever it keeps by the transactions of the same database. */
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
