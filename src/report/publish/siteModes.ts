import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemCode } from '../../lib/files.ts';

/** The mode of pages unless the configuration says otherwise: every web server can read them. */
export const defaultPageMode = 0o644;

/** Permission bits of a mode. */
const permissionBits = 0o777;

/**
 * Does work whose new files get the mode `pageMode`, and whose new directories can be entered by
 * all who may read the files, whatever the umask of the process. The work must be synchronous.
 */
export function withPageMode<Result>(pageMode: number, work: () => Result): Result {
  const before = process.umask(umaskFor(pageMode));
  try {
    return work();
  } finally {
    process.umask(before);
  }
}

/**
 * Gives the directory of the releases, and some in it with all that they contain, the modes that
 * new pages get: unchanged pages stay the files that they were. A directory gets its mode after its
 * content, so one that has it is left out.
 */
export function alignModes(
  releases: string,
  directories: readonly (string | null)[],
  pageMode: number,
): void {
  for (const directory of directories) if (directory !== null) alignContent(directory, pageMode);
  if (!hasMode(releases, directoryModeFor(pageMode)))
    changeMode(releases, directoryModeFor(pageMode));
}

function alignContent(directory: string, pageMode: number): void {
  const directoryMode = directoryModeFor(pageMode);
  if (!existsSync(directory) || hasMode(directory, directoryMode)) return;
  for (const entry of readdirSync(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) changeMode(path, directoryMode);
    else if (entry.isFile()) changeMode(path, pageMode);
  }
  changeMode(directory, directoryMode);
}

function directoryModeFor(pageMode: number): number {
  return permissionBits & ~umaskFor(pageMode);
}

function hasMode(path: string, mode: number): boolean {
  return (statSync(path).mode & permissionBits) === mode;
}

/** A class of users without the right to read gets none at all. */
function umaskFor(pageMode: number): number {
  const [, group = 0, others = 0] = [...pageMode.toString(8)].map(Number);
  const denied = (rights: number) => (rights === 0 ? 7 : 6 & ~rights);
  return denied(group) * 8 + denied(others);
}

function changeMode(path: string, mode: number): void {
  try {
    // Directories may pass their group on.
    chmodSync(path, (statSync(path).mode & ~permissionBits) | mode);
  } catch (error) {
    // A file of another user, which this site replaces by a copy.
    if (systemCode(error) === null) throw error;
  }
}
