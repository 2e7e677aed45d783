import { ExpectedError } from '../../lib/errors.ts';
import { fileFailure } from '../../lib/files.ts';
import { CorruptionError } from './bytes.ts';

/** Primary result codes of SQLite that are the world's fault, not ours (https://www.sqlite.org/rescode.html). */
const reasons: Readonly<Record<number, string>> = {
  3: 'permission denied',
  5: 'another process is writing to it and does not finish',
  8: 'it cannot be written: the file or its file system is read-only',
  10: 'the disk reports an input/output error, as some do when they are full',
  11: 'it is damaged',
  13: 'the disk is full',
  14: 'it cannot be opened',
  22: 'the file system cannot hold files this large',
  26: 'it is damaged: this is not a database',
};

const remedies: Readonly<Record<number, string>> = {
  3: 'Give the user that runs pstrace the right to read and write the state directory.',
  5: 'See which process holds it; the next run tries again.',
  8: 'Give the user that runs pstrace the right to write there, or name another place by --state.',
  10: 'Look at the free space and at the health of that disk.',
  13: 'Make room on that file system; the next run goes on from what was kept.',
  14: 'Give the user that runs pstrace the right to read and write the state directory.',
};

const corruptionRemedy =
  'The next run looks it through, keeps it aside if it is broken, and begins anew.';

/** Primary result code of an SQLite error, null for any other. */
function resultCode(error: unknown): number | null {
  if (!(error instanceof Error && 'errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}

/** True for what only a damaged database brings forth. */
export function isCorruption(error: unknown): boolean {
  const code = resultCode(error);
  return error instanceof CorruptionError || code === 11 || code === 26;
}

/**
 * Turns what can go wrong with a database file into an `ExpectedError` of kind `store`; any other error is
 * returned as it is: a bug keeps its stack. `doing` is what was tried.
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
