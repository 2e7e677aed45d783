import {
  chmodSync,
  closeSync,
  fchmodSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { ExpectedError } from './errors.ts';

/** What the operating system's refusals mean to an administrator. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than the file system or a limit allows',
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  EIO: 'the disk reports an input/output error',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  EEXIST: 'something else is in its place',
  ENOTEMPTY: 'the directory is not empty',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this host',
  ENOTSUP: 'the file system cannot do this',
  EOPNOTSUPP: 'the file system cannot do this',
  ESTALE: 'the network file system has lost it',
};

/** What helps when a disk is full. */
export const freeSpaceRemedy =
  'Make room on that file system; the next run goes on from what was kept.';
const accessRemedy = 'Give the user that runs pstrace the rights that it needs there.';

/** What the reader can do, where the code tells. */
const remedies: Readonly<Record<string, string>> = {
  ENOSPC: freeSpaceRemedy,
  EDQUOT: freeSpaceRemedy,
  EACCES: accessRemedy,
  EPERM: accessRemedy,
  EROFS: 'Name a place on a file system that can be written.',
};

/** The `code` of an error of the operating system (`ENOSPC`), else null. */
export function systemCode(error: unknown): string | null {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/**
 * Turns a refusal of the file system into an `ExpectedError` of kind `store`: `doing` is what was tried ("cannot write
 * the site"), `path` what it was about. Any other error is returned as it is: a bug keeps its stack.
 */
export function fileFailure(error: unknown, summary: string, path: string): unknown {
  const code = systemCode(error);
  const reason = code === null ? undefined : reasons[code];
  if (code === null || reason === undefined) return error;
  return new ExpectedError(
    {
      kind: 'store',
      subject: path,
      message: `${summary}: ${reason} (${path})`,
      remedy: remedies[code] ?? null,
    },
    { cause: error },
  );
}

/** The text of a file; `what` it holds is said when it cannot be read, by an `ExpectedError`. */
export function readText(file: string, description: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw fileFailure(error, `cannot read ${description}`, file);
  }
}

/**
 * Makes a directory, and those above it; true when it was not there. Node's own way never returns where a file system
 * answers ENOENT although the directory above is there, as /proc does.
 */
export function ensureDirectory(path: string, mode = 0o777): boolean {
  try {
    mkdirSync(path, { mode });
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'EEXIST' && statSync(path).isDirectory()) return false;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    if (!ensureDirectory(dirname(path), mode)) throw error;
    return ensureDirectory(path, mode);
  }
}

/** Makes a directory, and those above it, for its owner alone (0700 whatever the umask); an existing one stays as it is. */
export function ensurePrivateDirectory(path: string): void {
  if (ensureDirectory(path, 0o700)) chmodSync(path, 0o700);
}

/** Makes an empty file for its owner alone (0600 whatever the umask); an existing one stays as it is. */
export function ensurePrivateFile(path: string): void {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    throw error;
  }
  fchmodSync(file, 0o600);
  closeSync(file);
}
