import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { isDamage } from '../failure.ts';

/** A row of a query, by column. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** Visits the rows of a query one by one; damage is noted, with `what` and the row's `number`, and the rest goes on. */
export type Look = (what: string, sql: string, visit: (row: Row) => void) => void;

/** Looks over the rows of a database; `note` is told what is wrong. */
export function lookOver(database: DatabaseSync, note: (finding: string) => void): Look {
  return (what, sql, visit) => {
    try {
      for (const row of database.prepare(sql).iterate()) visitRow(what, row as Row, visit, note);
    } catch (error) {
      if (!isDamage(error)) throw error;
      note(`${what}: ${(error as Error).message}`);
    }
  };
}

function visitRow(
  what: string,
  row: Row,
  visit: (row: Row) => void,
  note: (finding: string) => void,
): void {
  try {
    visit(row);
  } catch (error) {
    // A body that should be JSON fails as a SyntaxError.
    if (!(isDamage(error) || error instanceof SyntaxError)) throw error;
    note(`${what} ${row.number}: ${(error as Error).message}`);
  }
}
