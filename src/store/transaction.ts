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
  readonly gathered: Transaction;
  /** Commits what was gathered. Throws what has kept it from being committed, if anything did. */
  settle(): void;
}

/** Calls in one commit, and how long the first of them waits for it at most: so long other processes cannot write. */
const mostGathered = 16;
const longestWaitMs = 100;

/** Transactions of a database. `forget` is called after a rollback: what was read within it may be gone. */
export function transactions(database: DatabaseSync, forget: () => void): Transactions {
  let waiting: NodeJS.Timeout | null = null;
  let gathered = 0;
  let isGathering = false;
  let failure: { readonly error: unknown } | null = null;

  function undo(statement: string): void {
    forget();
    // A full disk makes SQLite roll back everything by itself.
    if (database.isTransaction) database.exec(statement);
  }

  function settle(): void {
    const failed = failure;
    failure = null;
    if (failed !== null) throw failed.error;
    if (waiting === null) return;
    clearTimeout(waiting);
    waiting = null;
    try {
      if (database.isTransaction) database.exec('COMMIT');
    } catch (error) {
      undo('ROLLBACK');
      throw error;
    }
  }

  function settleInTime(): void {
    try {
      settle();
    } catch (error) {
      failure = { error };
    }
  }

  return {
    transaction(work) {
      if (!isGathering) settle();
      const outermost = !database.isTransaction;
      database.exec(outermost ? 'BEGIN IMMEDIATE' : 'SAVEPOINT part');
      try {
        const result = work();
        database.exec(outermost ? 'COMMIT' : 'RELEASE part');
        return result;
      } catch (error) {
        undo(outermost ? 'ROLLBACK' : 'ROLLBACK TO part; RELEASE part');
        throw error;
      }
    },
    gathered(work) {
      if (waiting === null && database.isTransaction) return work();
      if (failure !== null || gathered === mostGathered) settle();
      if (waiting === null) {
        database.exec('BEGIN IMMEDIATE');
        waiting = setTimeout(settleInTime, longestWaitMs).unref();
        gathered = 0;
      }
      isGathering = true;
      gathered += 1;
      try {
        return work();
      } finally {
        isGathering = false;
      }
    },
    settle,
  };
}

/** Does work of which nothing stays, whatever it keeps by the transactions of the same database. */
export async function tentatively<T>(database: DatabaseSync, work: () => Promise<T>): Promise<T> {
  database.exec('BEGIN IMMEDIATE');
  try {
    return await work();
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}
