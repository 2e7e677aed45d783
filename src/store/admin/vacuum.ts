import type { DatabaseSync } from 'node:sqlite';
import type { Tables } from '../tables.ts';

/** Sizes of the database file in bytes. */
export interface VacuumResult {
  readonly bytesBefore: number;
  readonly bytesAfter: number;
}

/** Deletes unused routes of periods and unused responders, and rewrites the file without gaps. */
export function vacuum(database: DatabaseSync, { responders, transaction }: Tables): VacuumResult {
  const bytesBefore = databaseBytes(database);
  transaction(() => {
    database.exec('DELETE FROM pattern WHERE number NOT IN (SELECT pattern FROM route_period)');
    responders.deleteUnused();
  });
  database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)');
  return { bytesBefore, bytesAfter: databaseBytes(database) };
}

function databaseBytes(database: DatabaseSync): number {
  const sql = 'SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size';
  return Number(database.prepare(sql).get()?.bytes);
}
