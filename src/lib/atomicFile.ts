import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ensurePrivateFile, systemCode } from './files.ts';

/**
 * Writes a private file (0600) atomically: a reader sees the old content or the new one, never a
 * part.
 */
export function writePrivateFile(path: string, body: string): void {
  const temporaryPathFor = (tag: string) => `${path}.${tag}.new`;
  replaceFileAtomically(path, temporaryPathFor, (temporary) => {
    rmSync(temporary, { force: true });
    ensurePrivateFile(temporary);
    writeFileSync(temporary, body);
  });
}

/**
 * Replaces a file atomically. `write` creates it under a temporary path in the same directory,
 * which `temporaryPathFor` returns for a tag, the id of this process. Also removes the temporary
 * files of killed processes.
 */
export function replaceFileAtomically(
  path: string,
  temporaryPathFor: (tag: string) => string,
  write: (temporary: string) => void,
): void {
  removeStaleTemporaries(temporaryPathFor);
  const temporary = temporaryPathFor(String(process.pid));
  try {
    write(temporary);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * A path beside a file, for its new content, which then replaces the file. Removes what killed
 * processes left under such paths in that folder, whatever their files were.
 */
export function temporaryBeside(file: string): string {
  const temporaryPathFor = (tag: string) => join(dirname(file), `.pstrace-${tag}.new`);
  const temporary = temporaryPathFor(String(process.pid));
  try {
    removeStaleTemporaries(temporaryPathFor);
    rmSync(temporary, { force: true });
  } catch (error) {
    // One of another user stays.
    if (systemCode(error) === null) throw error;
  }
  return temporary;
}

/** Placeholder for the id of a process. */
const placeholderTag = '\0';

function removeStaleTemporaries(temporaryPathFor: (tag: string) => string): void {
  const [before = '', after = ''] = basename(temporaryPathFor(placeholderTag)).split(
    placeholderTag,
  );
  const folder = dirname(temporaryPathFor(placeholderTag));
  for (const name of listNames(folder)) {
    if (!name.startsWith(before) || !name.endsWith(after)) continue;
    const tag = name.slice(before.length, name.length - after.length);
    if (/^\d+$/.test(tag) && !isProcessAlive(Number(tag)))
      rmSync(join(folder, name), { force: true });
  }
}

/** The names in a directory; none if it is not readable. */
function listNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCode(error) === null) throw error;
    return [];
  }
}

/** Whether a process has this id. One of another user may not be signaled. */
function isProcessAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}
