import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { isCorruption } from '../db/storeFailure.ts';

/** A row of a query, by column. */
export type QueryRow = Readonly<Record<string, SQLOutputValue>>;

/** Visits the rows of a query one by one; damage is noted, with `what` and the row's `number`, and the rest goes on. */
export type VisitRows = (label: string, sql: string, visit: (row: QueryRow) => void) => void;

/** Looks over the rows of a database; `note` is told what is wrong. */
export function createRowVisitor(
  database: DatabaseSync,
  reportFault: (fault: string) => void,
): VisitRows {
  return (label, sql, visit) => {
    try {
      for (const row of database.prepare(sql).iterate())
        visitRow(label, row as QueryRow, visit, reportFault);
    } catch (error) {
      if (!isCorruption(error)) throw error;
      reportFault(`${label}: ${(error as Error).message}`);
    }
  };
}

function visitRow(
  label: string,
  row: QueryRow,
  visit: (row: QueryRow) => void,
  reportFault: (fault: string) => void,
): void {
  try {
    visit(row);
  } catch (error) {
    // A body that should be JSON fails as a SyntaxError.
    if (!(isCorruption(error) || error instanceof SyntaxError)) throw error;
    reportFault(`${label} ${row.number}: ${(error as Error).message}`);
  }
}
