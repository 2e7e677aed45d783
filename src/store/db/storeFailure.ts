import { ExpectedError } from '../../lib/errors.ts';
import { fileFailure, freeSpaceRemedy } from '../../lib/files.ts';
import { CorruptionError } from './bytes.ts';

/**
 * Primary result codes of SQLite that no bug of pstrace causes
 * (https://www.sqlite.org/rescode.html).
 */
const reasons: Readonly<Record<number, string>> = {
  3: 'permission denied',
  5: 'another process has locked it',
  8: 'it cannot be written: the file or its file system is read-only',
  10: 'the disk reports an input/output error, which can mean that it is full',
  11: 'it is damaged',
  13: 'the disk is full',
  14: 'it cannot be opened',
  22: 'the file system does not support larger files',
  26: 'it is damaged: it is not a database',
};

/** SQLITE_BUSY */
const busyCode = 5;

const accessRemedy = 'Give the user that runs pstrace read and write access to the state folder.';

const remedies: Readonly<Record<number, string>> = {
  3: accessRemedy,
  5: 'Find the process that holds the lock. The next run tries again.',
  8: 'Give the user that runs pstrace write access, or name another state folder with --state.',
  10: 'Check the free space and the health of the disk.',
  13: freeSpaceRemedy,
  14: accessRemedy,
};

const corruptionRemedy =
  'The next run checks the database and, if it is damaged, replaces it by a new one.';

/** Primary result code of an SQLite error; null for any other error. */
function resultCode(error: unknown): number | null {
  if (!(error instanceof Error && 'errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}

/** Whether an error proves that the database is damaged. */
export function isCorruption(error: unknown): boolean {
  const code = resultCode(error);
  return error instanceof CorruptionError || code === 11 || code === 26;
}

/** Whether another process kept the database locked for longer than a call waits. */
export function isLockedElsewhere(error: unknown): boolean {
  return error instanceof ExpectedError && resultCode(error.cause) === busyCode;
}

/**
 * Maps a failure of a database file to an `ExpectedError` of kind `store`. Returns any other error
 * unchanged, so that a bug keeps its stack. `action`: what failed.
 */
export function storeFailure(
  error: unknown,
  path: string,
  action = 'cannot use the state database',
): unknown {
  const code = resultCode(error) ?? (error instanceof CorruptionError ? 11 : null);
  const reason = code === null ? undefined : reasons[code];
  if (code === null || reason === undefined) {
    return fileFailure(error, action, path);
  }
  const detail = error instanceof Error ? error.message : '';
  return new ExpectedError(
    {
      kind: 'store',
      subject: path,
      message: `${action}: ${reason} (${path}; ${detail})`,
      remedy: isCorruption(error) ? corruptionRemedy : (remedies[code] ?? null),
    },
    { cause: error },
  );
}
