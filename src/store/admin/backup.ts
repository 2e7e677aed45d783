import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { ExpectedError } from '../../lib/errors.ts';
import { ensurePrivateFile } from '../../lib/files.ts';
import { applicationId } from '../db/database.ts';
import { isCorruption, storeFailure } from '../db/storeFailure.ts';

/**
 * Copies a database into a file, which replaces an older backup in one step: a backup that is killed leaves the old one.
 * Throws `ExpectedError` when the file is something else, or cannot be written.
 */
export function backup(database: DatabaseSync, file: string): void {
  const temporary = `${file}.new`;
  try {
    rejectForeignFile(database, file);
    rmSync(temporary, { force: true });
    ensurePrivateFile(temporary);
    database.prepare('VACUUM INTO ?').run(temporary);
    syncFile(temporary);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw isCorruption(error) ? error : storeFailure(error, file, 'cannot write the backup');
  }
}

function rejectForeignFile(database: DatabaseSync, file: string): void {
  if (!existsSync(file)) return;
  const ownPath = database.location();
  const isSameFile = ownPath !== null && realpathSync(ownPath) === realpathSync(file);
  if (!isSameFile && applicationOf(file) === applicationId) return;
  throw new ExpectedError({
    kind: 'store',
    subject: file,
    message: isSameFile
      ? `${file} is the database itself`
      : `${file} is there already and is no backup of pstrace; it was left as it is`,
    remedy: 'Name another file.',
  });
}

/** The application id in the header of an SQLite file, 0 for any other (https://www.sqlite.org/fileformat2.html). */
function applicationOf(file: string): number {
  const header = Buffer.alloc(100);
  const handle = openSync(file, 'r');
  try {
    readSync(handle, header);
  } finally {
    closeSync(handle);
  }
  return header.toString('latin1', 0, 15) === 'SQLite format 3' ? header.readUInt32BE(68) : 0;
}

function syncFile(file: string): void {
  const handle = openSync(file, 'r+');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
