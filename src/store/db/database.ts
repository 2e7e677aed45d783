import { DatabaseSync } from 'node:sqlite';
import { ExpectedError } from '../../lib/errors.ts';
import { CorruptionError } from './bytes.ts';
import { type Migration, migrations } from './migrations.ts';

/** Marks a database file as one of pstrace, in its header: "psTr" in ASCII. */
export const applicationId = 0x70735472;

/** Options of `openDatabase`. */
export interface OpenDatabaseOptions {
  readonly path: string;
  /** Check the whole file for damage first, which takes minutes for gigabytes. */
  readonly check: boolean;
}

/**
 * Opens a database of pstrace and migrates it to the newest layout; an empty file becomes one.
 * Throws `ExpectedError` for a file of a newer version or of another program, which stays
 * unchanged, and the errors of SQLite.
 */
export function openDatabase(options: OpenDatabaseOptions): DatabaseSync {
  const database = new DatabaseSync(options.path, { timeout: 5000 });
  try {
    if (options.check) checkIntegrity(database);
    rejectForeign(database, options.path);
    database.exec('PRAGMA journal_mode = WAL');
    // A power cut may cost the latest commits, which the next run reads again, never the database.
    database.exec('PRAGMA synchronous = NORMAL');
    // In KiB: the pages that a run revisits, for meshes of any size.
    database.exec('PRAGMA cache_size = -16000');
    // In pages of 4 KiB, and in bytes: fewer waits for slow disks, and a journal that shrinks
    // again.
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
      message: `${path} is the database of another program; it was left unchanged`,
      remedy: 'Name another state folder with --state, or move the file away.',
    });
  }
  if (version > newest) {
    throw new ExpectedError({
      kind: 'store',
      subject: path,
      message: `the state database has version ${version}, but this pstrace supports versions up to ${newest}; it was left unchanged (${path})`,
      remedy: 'Use the newer pstrace that wrote it, or name another state folder with --state.',
    });
  }
}

/** Applies the migrations that a database lacks, all of them or none. */
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
