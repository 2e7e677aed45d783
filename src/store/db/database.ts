import { DatabaseSync } from 'node:sqlite';
import { ExpectedError } from '../../lib/errors.ts';
import { CorruptionError } from './bytes.ts';
import { type Migration, migrations } from './migrations.ts';

/** Marks the file as pstrace's own in its header: "psTr" in ASCII. */
export const applicationId = 0x70735472;

/** What `openDatabase` is to do. */
export interface OpenDatabaseOptions {
  readonly path: string;
  /** Read the whole file and look for damage first: minutes for gigabytes. */
  readonly check: boolean;
}

/**
 * Opens a database of ours and brings it to the newest layout. An empty file becomes one. Throws `ExpectedError` for
 * a file of a newer version or of another program, which stays as it is, and errors of SQLite as they come.
 */
export function openDatabase(options: OpenDatabaseOptions): DatabaseSync {
  const database = new DatabaseSync(options.path, { timeout: 5000 });
  try {
    if (options.check) checkIntegrity(database);
    rejectForeign(database, options.path);
    database.exec('PRAGMA journal_mode = WAL');
    // A power cut may cost the last moments, which the next run reads again; it never costs the database.
    database.exec('PRAGMA synchronous = NORMAL');
    // In KiB: the pages that one run comes back to, whatever the size of the mesh.
    database.exec('PRAGMA cache_size = -16000');
    // In pages of 4 KiB, and bytes: fewer waits for slow disks, and the journal gives its room back.
    database.exec('PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 16000000');
    migrate(database, migrations);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function checkIntegrity(database: DatabaseSync): void {
  const result = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
  if (result.quick_check !== 'ok') throw new CorruptionError(result.quick_check);
}

function pragma(database: DatabaseSync, name: string): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}

function rejectForeign(database: DatabaseSync, path: string): void {
  const version = pragma(database, 'user_version');
  const newest = migrations.at(-1)?.version ?? 0;
  const empty = pragma(database, 'schema_version') === 0;
  if (!empty && pragma(database, 'application_id') !== applicationId) {
    throw new ExpectedError({
      kind: 'store',
      subject: path,
      message: `${path} is a database of another program; it was left as it is`,
      remedy: 'Name another state directory by --state, or move that file away.',
    });
  }
  if (version > newest) {
    throw new ExpectedError({
      kind: 'store',
      subject: path,
      message: `the state database has version ${version}, and this pstrace knows versions up to ${newest}; it was left as it is (${path})`,
      remedy: 'Use the newer pstrace that wrote it, or name another state directory by --state.',
    });
  }
}

/** Applies the migrations that a database lacks, all or none. */
export function migrate(database: DatabaseSync, list: readonly Migration[]): void {
  const newest = list.at(-1)?.version ?? 0;
  if (pragma(database, 'user_version') >= newest) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    const version = pragma(database, 'user_version');
    for (const { sql, rewrite } of list.filter((step) => step.version > version)) {
      database.exec(sql);
      rewrite?.(database);
    }
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${newest}`);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}
