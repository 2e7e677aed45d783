import { accessSync, constants, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { writePrivateFile } from './atomicFile.ts';
import { ExpectedError } from './errors.ts';
import {
  ensurePrivateDirectory,
  ensurePrivateFile,
  fileFailure,
  freeSpaceRemedy,
  systemCode,
} from './files.ts';

/** A held lock. The kernel releases it if the process ends without `release`. */
export interface Lock {
  release(): void;
}

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html). */
const sqliteBusy = 5;
const knownErrors: Readonly<Record<number, readonly [reason: string, remedy: string]>> = {
  10: [
    'the disk reports an input/output error, as some full disks do',
    'Check the free space and the health of that disk.',
  ],
  13: ['the disk is full', freeSpaceRemedy],
  14: [
    'it is not a file, or its path is longer than 511 bytes',
    'Remove it, or choose a folder with a shorter path.',
  ],
};

/**
 * Locks of this process. The garbage collector would close an unreferenced database and release its
 * lock.
 */
const heldLocks = new Set<DatabaseSync>();

/**
 * Acquires the lock of a path, or returns null at once if another process (or another part of this
 * one) holds it. Creates the directory if necessary. The lock is an exclusive transaction on an
 * empty SQLite file: the only kernel lock that Node has without a native module, so none survives a
 * crash or a kill. Throws an `ExpectedError` if the file cannot be created.
 */
export function acquireLock(path: string): Lock | null {
  try {
    ensurePrivateDirectory(dirname(path));
    ensurePrivateFile(path);
    // SQLite does not report why it cannot open a file.
    accessSync(path, constants.R_OK | constants.W_OK);
    const database = openExclusively(path);
    if (database === null) return null;
    return registerLock(database, path);
  } catch (error) {
    throw fileFailure(error, 'cannot acquire the lock', path);
  }
}

/**
 * Id of the process that acquired the lock last, for messages; null if unknown. It may have
 * released the lock.
 */
export function lockHolder(path: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(pidPath(path), 'utf8'), 10);
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return null;
  }
}

/**
 * The process id has its own file: closing any handle of the locked file would release a POSIX
 * lock.
 */
function pidPath(path: string): string {
  return `${path}.pid`;
}

function openExclusively(path: string): DatabaseSync | null {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    const code = resultCode(error);
    if (code === sqliteBusy) return null;
    if (code === null) throw error;
    throw lockError(error as Error, code, path);
  }
}

function lockError(cause: Error, code: number, path: string): ExpectedError {
  const [reason, remedy] = knownErrors[code] ?? [
    `SQLite reports "${cause.message}"`,
    'Remove this file, which has no data, and check that its folder is writable.',
  ];
  const message = `cannot acquire the lock: ${reason} (${path})`;
  return new ExpectedError({ kind: 'store', subject: path, message, remedy }, { cause });
}

function registerLock(database: DatabaseSync, path: string): Lock {
  try {
    writePrivateFile(pidPath(path), `${process.pid}\n`);
  } catch (error) {
    database.close();
    throw error;
  }
  heldLocks.add(database);
  return {
    release() {
      if (!heldLocks.delete(database)) return;
      rmSync(pidPath(path), { force: true });
      database.close();
    },
  };
}

/** Primary result code of an error of SQLite; null for any other error. */
function resultCode(error: unknown): number | null {
  if (!(error instanceof Error && 'errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}
