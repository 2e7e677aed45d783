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
import { temporaryBeside } from '../../lib/atomicFile.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { ensurePrivateFile } from '../../lib/files.ts';
import { applicationId } from '../db/database.ts';
import { isCorruption, storeFailure } from '../db/storeFailure.ts';

/**
 * Copies a database to a file (0600) and replaces an older backup atomically. Throws
 * `ExpectedError` if the file is something else or cannot be written.
 */
export function backup(database: DatabaseSync, file: string): void {
  const temporary = temporaryBeside(file);
  try {
    rejectForeignFile(database, file);
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
      : `${file} exists and is not a backup of pstrace; it was left unchanged`,
    remedy: 'Name another file.',
  });
}

/**
 * The application id in the header of an SQLite file (https://www.sqlite.org/fileformat2.html),
 * else 0.
 */
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
