import {
  closeSync,
  constants,
  fstatSync,
  globSync,
  lstatSync,
  openSync,
  realpathSync,
  type Stats,
  statSync,
} from 'node:fs';
import { dirname, sep } from 'node:path';
import type { Deadline } from '../../lib/deadline.ts';
import { ExpectedError } from '../../lib/errors.ts';
import { fileFailure, systemCode } from '../../lib/files.ts';
import { foreignText } from '../../model/run/foreignText.ts';
import type { Problem } from '../../model/run/problem.ts';
import { pluralize } from '../../model/values/format.ts';
import { outOfTimeProblem } from '../problems.ts';

/** A file changed more recently may be incomplete. */
const minFileAgeSeconds = 5;

/** A file of a drop folder that is no longer written to, or a link there. */
export interface DropFile {
  readonly path: string;
  /** The pattern of the configuration that it matches; pages name it in place of the file. */
  readonly pattern: string;
  /** Changes with the file; programs can set mtime but not ctime. */
  readonly signature: string;
}

/** The files that match the patterns, without those that may still grow. `now`: epoch seconds. */
export function findDropFiles(patterns: readonly string[], now: number): DropFile[] {
  const found = new Map<string, DropFile>();
  for (const pattern of patterns) {
    for (const path of globSync(pattern)) {
      const signature = signatureOf(path, now);
      if (signature !== null && !found.has(path)) found.set(path, { path, pattern, signature });
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function signatureOf(path: string, now: number): string | null {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats === undefined || !(stats.isFile() || stats.isSymbolicLink())) return null;
    const { size, mtimeMs, ctimeMs } = stats;
    const mayGrow = stats.isFile() && Math.abs(now - mtimeMs / 1000) < minFileAgeSeconds;
    return mayGrow ? null : `${size} ${ctimeMs}`;
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    // Opening the file reports the error.
    return code;
  }
}

/**
 * Opens a file of a drop folder. Who may write there is not trusted with what pstrace may read: the
 * file must be in the folder itself, not behind a link, and belong to the owner of its folder, to
 * the user of pstrace or to root. Returns null for a link within the folder, whose target is a file
 * of its own; throws an `ExpectedError` for a file that must not or cannot be read.
 */
export function openDropFile({ path, pattern }: DropFile): { fd: number; stats: Stats } | null {
  let fd: number | null = null;
  try {
    const base = realpathSync(fixedFolder(pattern));
    const isWithin = (target: string) => target.startsWith(base === sep ? sep : `${base}${sep}`);
    if (lstatSync(path).isSymbolicLink()) {
      if (isWithin(realpathSync(path))) return null;
      throw rejection(path, pattern, 'it is a symbolic link that leads out of the folder');
    }
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = fstatSync(fd);
    // The path may have changed since the file was opened.
    const real = realpathSync(path);
    const { dev, ino } = lstatSync(real);
    if (!isWithin(real) || dev !== stats.dev || ino !== stats.ino || !stats.isFile())
      throw rejection(path, pattern, 'it is not a file of the folder');
    const owners = [0, process.geteuid?.(), statSync(dirname(real)).uid];
    if (!owners.includes(stats.uid))
      throw rejection(
        path,
        pattern,
        'it belongs neither to the owner of its folder nor to pstrace',
      );
    return { fd, stats };
  } catch (error) {
    if (fd !== null) closeSync(fd);
    throw error instanceof ExpectedError ? error : readFailure(error, path, pattern);
  }
}

/** The folder in front of the first wildcard of a pattern. */
function fixedFolder(pattern: string): string {
  const wildcard = pattern.search(/[*?[{(!+@\\]/);
  return dirname(wildcard === -1 ? pattern : `${pattern.slice(0, wildcard)}x`);
}

const rejectionRemedy =
  'Put the file itself there; give each user who uploads files a folder of its own.';

function rejection(path: string, pattern: string, reason: string): ExpectedError {
  return new ExpectedError({
    kind: 'misconfigured',
    subject: pattern,
    message: `A file of ${pattern} is not imported: ${reason}.`,
    remedy: rejectionRemedy,
    detail: foreignText(path),
  });
}

/** The failure to read a file, which names the pattern in place of the file; a bug as it is. */
export function readFailure(error: unknown, path: string, pattern: string): unknown {
  const failure = fileFailure(error, 'cannot read a file', pattern);
  if (!(failure instanceof ExpectedError)) return failure;
  return new ExpectedError(
    { ...failure.toProblem(), kind: 'misconfigured', detail: foreignText(path) },
    { cause: error },
  );
}

/** The problem that files are left to the next run; empty for none. */
export function unreadProblems(files: number, { seconds }: Deadline): Problem[] {
  if (files === 0) return [];
  const message = `The next run reads the rest of ${pluralize(files, 'file')}.`;
  return [outOfTimeProblem('mtr.import', seconds, message)];
}
