import type { DatabaseSync } from 'node:sqlite';
import { type Columns, query, type Row } from '../db/query.ts';
import { isCorruption } from '../db/storeFailure.ts';

/**
 * Visits the rows of a query. Reports a damaged row by `label` and its column `number`, and
 * continues. Returns the number of rows.
 */
export type VisitRows = <C extends Columns>(
  label: string,
  sql: string,
  columns: C,
  visit: (row: Row<C>) => void,
) => number;

/** Creates a visitor of the rows of a database, which reports faults to `reportFault`. */
export function createRowVisitor(
  database: DatabaseSync,
  reportFault: (fault: string) => void,
): VisitRows {
  return (label, sql, columns, visit) => {
    const attempt = (about: string, work: () => void) => {
      try {
        work();
      } catch (error) {
        // A damaged JSON body causes a SyntaxError.
        if (!(isCorruption(error) || error instanceof SyntaxError)) throw error;
        reportFault(`${about}: ${(error as Error).message}`);
      }
    };
    let rows = 0;
    attempt(label, () => {
      for (const row of query(database, sql, columns).iterate()) {
        rows += 1;
        attempt('number' in row ? `${label} ${row.number}` : label, () => visit(row));
      }
    });
    return rows;
  };
}
