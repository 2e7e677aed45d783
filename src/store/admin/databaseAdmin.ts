import type { DatabaseSync } from 'node:sqlite';
import { exportRecords } from '../exchange/exportRecords.ts';
import { createImporter, type Importer } from '../exchange/importRecords.ts';
import type { StoreRecord } from '../exchange/recordSchemas.ts';
import { openTables } from '../tables.ts';
import { backup } from './backup.ts';
import { checkDatabase, type IntegrityCheck } from './checkDatabase.ts';
import { type VacuumResult, vacuum } from './vacuum.ts';

/** Operations on the whole database. */
export interface DatabaseAdmin {
  check(): IntegrityCheck;
  /** Deletes unused rows and compacts the file; meanwhile needs the same space again. */
  vacuum(): VacuumResult;
  /** Writes a consistent copy to a file (0600) atomically, even while a run writes. */
  backup(file: string): void;
  /** All content as the records of an export. Omits damaged content and reports it. */
  records(onCorruption: (message: string) => void): Generator<StoreRecord>;
  import(): Importer;
  close(): void;
}

/** Opens the operations on an open database. Errors are those of SQLite. */
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
