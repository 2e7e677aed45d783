import type { DatabaseSync } from 'node:sqlite';
import { backup } from './care/backup.ts';
import { checkDatabase, type StoreCheck } from './care/check.ts';
import { type Vacuumed, vacuum } from './care/vacuum.ts';
import { type Importer, importInto } from './exchange/read.ts';
import type { StoreRecord } from './exchange/records.ts';
import { exportRecords } from './exchange/write.ts';
import { openTables } from './tables.ts';

/** What an administrator does with the database as a whole. */
export interface Care {
  check(): StoreCheck;
  /** Deletes what nothing refers to and makes the file as small as it can be; takes as much room again meanwhile. */
  vacuum(): Vacuumed;
  /** Writes a copy into a file (0600) in one step, as of one moment, whatever is written meanwhile. */
  backup(file: string): void;
  /** All content as the records of an export; what is damaged is told and left out. */
  records(damage: (message: string) => void): Generator<StoreRecord>;
  import(): Importer;
  close(): void;
}

/** The care of an open database; errors come as SQLite throws them. */
export function careOver(database: DatabaseSync): Care {
  const tables = openTables(database);
  return {
    check: () => checkDatabase(database, tables),
    vacuum: () => vacuum(database, tables),
    backup: (file) => backup(database, file),
    records: (damage) => exportRecords(database, tables, damage),
    import: () => importInto(tables),
    close: () => database.close(),
  };
}
