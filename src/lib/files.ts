import { chmodSync, closeSync, fchmodSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ExpectedError } from './errors.ts';

/** Meanings of the operating system's error codes. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is exhausted',
  EFBIG: 'the file would be larger than the file system or a limit allows',
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
  EIO: 'the disk reports an input/output error',
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of the path is not a directory',
  EISDIR: 'it is a directory',
  EEXIST: 'another file has this name',
  ENOTEMPTY: 'the directory is not empty',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  EBUSY: 'it is in use',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open on this host',
  ENOTSUP: 'the file system does not support this',
  EOPNOTSUPP: 'the file system does not support this',
  ESTALE: 'the network file system lost the file',
};

/** The remedy for a full disk. */
export const freeSpaceRemedy =
  'Free space on that file system; the next run continues from the stored results.';
const accessRemedy = 'Give the user that runs pstrace access to that path.';

/** Remedies by error code. */
const remedies: Readonly<Record<string, string>> = {
  ENOSPC: freeSpaceRemedy,
  EDQUOT: freeSpaceRemedy,
  EACCES: accessRemedy,
  EPERM: accessRemedy,
  EROFS: 'Use a path on a writable file system.',
};

/** The `code` of an error of the operating system, such as `ENOSPC`; null for other errors. */
export function systemCode(error: unknown): string | null {
  if (!(error instanceof Error && 'code' in error && 'syscall' in error)) return null;
  return typeof error.code === 'string' ? error.code : null;
}

/**
 * Converts an error of the file system to an `ExpectedError` of kind `store` about `path`.
 * `summary` names the failed action, such as "cannot write the site". Returns any other error
 * unchanged: a bug keeps its stack.
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

/**
 * A path of the command line as an absolute one. Throws an `ExpectedError` if the path is relative
 * and the current folder was deleted.
 */
export function absolutePath(path: string): string {
  try {
    return resolve(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    throw new ExpectedError(
      {
        kind: 'misconfigured',
        subject: path,
        message: `cannot find ${path}: the current folder was deleted`,
        remedy: 'Change to another folder, or give an absolute path.',
      },
      { cause: error },
    );
  }
}

/** Largest text file that a person gives: a device or a log by mistake must not fill the memory. */
const maxTextBytes = 32_000_000;
const chunkBytes = 262_144;

/**
 * The text of a file or pipe of at most `maxTextBytes`. Throws an `ExpectedError` if it is larger,
 * and errors of the system as they are.
 */
export function readBoundedText(file: string): string {
  const descriptor = openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    let size = 0;
    for (;;) {
      const chunk = Buffer.alloc(chunkBytes);
      const count = readSync(descriptor, chunk);
      if (count === 0) return Buffer.concat(chunks, size).toString('utf8');
      chunks.push(chunk.subarray(0, count));
      size += count;
      if (size > maxTextBytes) throw tooLargeError(file);
    }
  } finally {
    closeSync(descriptor);
  }
}

function tooLargeError(file: string): ExpectedError {
  return new ExpectedError({
    kind: 'misconfigured',
    subject: file,
    message: `${file} is larger than ${maxTextBytes / 1e6} MB.`,
    remedy: 'Check the name of the file.',
  });
}

/** The text of a file. Throws an `ExpectedError` with `description`, which names its content. */
export function readText(file: string, description: string): string {
  try {
    return readBoundedText(file);
  } catch (error) {
    throw fileFailure(error, `cannot read ${description}`, file);
  }
}

/**
 * Creates a directory and its parents; true if it did not exist. Node's recursive mkdir never
 * returns if a file system reports ENOENT for an existing parent, as /proc does.
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

/**
 * Creates a directory and its parents, private (0700 regardless of the umask). Leaves an existing
 * one unchanged.
 */
export function ensurePrivateDirectory(path: string): void {
  if (ensureDirectory(path, 0o700)) chmodSync(path, 0o700);
}

/**
 * Creates an empty private file (0600 regardless of the umask). Leaves an existing one unchanged.
 */
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
