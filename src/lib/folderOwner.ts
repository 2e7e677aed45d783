import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { ExpectedError } from './errors.ts';
import { systemCode } from './files.ts';

/** A folder that pstrace writes. */
export interface WrittenFolder {
  readonly path: string;
  /** Its name in messages. */
  readonly name: string;
  /** A file or folder within it that exists once pstrace has written there. */
  readonly mark: string;
}

/**
 * Throws an `ExpectedError` of kind `store` if another user has written the folder: files of two
 * users there would stop the runs of both.
 */
export function rejectOtherOwner(folder: WrittenFolder): void {
  const owner = ownerOf(join(folder.path, folder.mark));
  if (owner !== null && owner !== effectiveUser()) throw otherOwnerError(folder, owner);
}

/**
 * As root, continues as the user who owns the folder, or who owns its nearest existing parent, for
 * the rest of the process. As another user, does what `rejectOtherOwner` does.
 */
export function continueAsOwner(folder: WrittenFolder): void {
  if (effectiveUser() !== rootUser) {
    rejectOtherOwner(folder);
    return;
  }
  const owner = ownerOf(join(folder.path, folder.mark)) ?? nearestOwner(folder.path);
  if (owner !== rootUser) become(owner);
}

/** Part of Node.js that its type declarations lack. */
type GroupAccess = typeof process & { initgroups(user: number, extraGroup: number): void };

const rootUser = 0;

function effectiveUser(): number {
  return process.geteuid?.() ?? rootUser;
}

/** The user id of a path's owner; null for a path that does not exist. */
function ownerOf(path: string): number | null {
  try {
    return statSync(path).uid;
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    // The folder of another user hides its content.
    if (code === 'EACCES' && dirname(path) !== path) return ownerOf(dirname(path));
    if (code === null) throw error;
    return null;
  }
}

function nearestOwner(path: string): number {
  return ownerOf(path) ?? (dirname(path) === path ? rootUser : nearestOwner(dirname(path)));
}

/** Gives up the rights of root for good, groups included. */
function become(user: number): void {
  process.seteuid?.(user);
  const group = primaryGroup();
  process.seteuid?.(rootUser);
  if (group === null) process.setgroups?.([user]);
  else (process as GroupAccess).initgroups(user, group);
  process.setgid?.(group ?? user);
  process.setuid?.(user);
}

/** The primary group of the effective user; null for a user that this host does not know. */
function primaryGroup(): number | null {
  try {
    return userInfo().gid;
  } catch {
    return null;
  }
}

function otherOwnerError({ path, name }: WrittenFolder, owner: number): ExpectedError {
  const [theirs, ours] = [userName(owner), userName(effectiveUser())];
  return new ExpectedError({
    kind: 'store',
    subject: path,
    message: `${name} belongs to ${theirs}, and this command runs as ${ours} (${path})`,
    remedy: `Run pstrace as ${theirs}, or give the folder to ${ours} with chown -R.`,
  });
}

/** "user NAME", or "the user with id N" if the list of this host does not have it. */
function userName(id: number): string {
  try {
    const entry = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find(([, , each]) => each === String(id));
    return entry === undefined ? `the user with id ${id}` : `user ${entry[0]}`;
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return `the user with id ${id}`;
  }
}
