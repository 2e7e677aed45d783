import type { DatabaseSync } from 'node:sqlite';

/** Runs `work` as a whole or not at all; nests. Returns what `work` returns, which must not be a promise. */
export type Transaction = <T>(work: () => T) => T;

/** Transactions of a database. `forget` is called after a rollback: what was read within it may be gone. */
export function transactions(database: DatabaseSync, forget: () => void): Transaction {
  return (work) => {
    const outermost = !database.isTransaction;
    database.exec(outermost ? 'BEGIN IMMEDIATE' : 'SAVEPOINT part');
    try {
      const result = work();
      database.exec(outermost ? 'COMMIT' : 'RELEASE part');
      return result;
    } catch (error) {
      forget();
      // A full disk makes SQLite roll back everything by itself.
      if (database.isTransaction)
        database.exec(outermost ? 'ROLLBACK' : 'ROLLBACK TO part; RELEASE part');
      throw error;
    }
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
