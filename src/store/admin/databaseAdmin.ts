import type { DatabaseSync } from 'node:sqlite';
import { exportRecords } from '../exchange/exportRecords.ts';
import { createImporter, type Importer } from '../exchange/importRecords.ts';
import type { StoreRecord } from '../exchange/recordSchemas.ts';
import { openTables } from '../tables.ts';
import { backup } from './backup.ts';
import { checkDatabase, type IntegrityCheck } from './checkDatabase.ts';
import { type VacuumResult, vacuum } from './vacuum.ts';

/** What an administrator does with the database as a whole. */
export interface DatabaseAdmin {
  check(): IntegrityCheck;
  /** Deletes what nothing refers to and makes the file as small as it can be; takes as much room again meanwhile. */
  vacuum(): VacuumResult;
  /** Writes a copy into a file (0600) in one step, as of one moment, whatever is written meanwhile. */
  backup(file: string): void;
  /** All content as the records of an export; what is damaged is told and left out. */
  records(onCorruption: (message: string) => void): Generator<StoreRecord>;
  import(): Importer;
  close(): void;
}

/** The care of an open database; errors come as SQLite throws them. */
export function createDatabaseAdmin(database: DatabaseSync): DatabaseAdmin {
  const tables = openTables(database);
  return {
    check: () => checkDatabase(database, tables),
    vacuum: () => vacuum(database, tables),
    backup: (file) => backup(database, file),
    records: (onCorruption) => exportRecords(database, tables, onCorruption),
    import: () => createImporter(tables),
    close: () => database.close(),
  };
}
