import { readFileSync, rmSync } from 'node:fs';
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

/** A lock that is held; `release` gives it back. The kernel gives it back when the process ends in any other way. */
export interface Lock {
  release(): void;
}

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html). */
const sqliteBusy = 5;
const diskErrors: Readonly<Record<number, readonly [reason: string, remedy: string]>> = {
  10: [
    'the disk reports an input/output error, as some do when they are full',
    'Look at the free space and at the health of that disk.',
  ],
  13: ['the disk is full', freeSpaceRemedy],
};

/** Locks of this process. Out of reach, a database would be collected, closed, and its lock lost in silence. */
const heldLocks = new Set<DatabaseSync>();

/**
 * Takes the lock of a path, or returns null at once when another process (or another part of this one) holds it.
 * Makes the directory if need be. The lock is an exclusive transaction on an empty SQLite file: the only
 * lock of the kernel's that Node offers without a native module, so no stale one survives a crash or a kill.
 * Throws `ExpectedError` where the file cannot be made.
 */
export function acquireLock(path: string): Lock | null {
  try {
    ensurePrivateDirectory(dirname(path));
    ensurePrivateFile(path);
    const database = openExclusively(path);
    if (database === null) return null;
    return registerLock(database, path);
  } catch (error) {
    throw fileFailure(error, 'cannot take the lock', path);
  }
}

/** Process id of whoever took the lock last, for a message; null when it is not known. Tells nothing about being held. */
export function lockHolder(path: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(pidPath(path), 'utf8'), 10);
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return null;
  }
}

/** The process id stands beside the locked file: closing any handle of that file would drop a POSIX lock on it. */
function pidPath(path: string): string {
  return `${path}.pid`;
}

function openExclusively(path: string): DatabaseSync | null {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    const code = resultCode(error);
    if (code === sqliteBusy) return null;
    if (code === null) throw error;
    throw lockError(error as Error, code, path);
  }
}

function lockError(cause: Error, code: number, path: string): ExpectedError {
  const [reason, remedy] = diskErrors[code] ?? [
    `SQLite says "${cause.message}"`,
    'Remove this file, which carries no data, and see that its directory can be written.',
  ];
  const message = `cannot take the lock: ${reason} (${path})`;
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

function resultCode(error: unknown): number | null {
  if (!(error instanceof Error && 'errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}
