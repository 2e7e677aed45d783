import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ensurePrivateFile } from '../../lib/files.ts';
import type { Problem } from '../../model/problem.ts';

/** Suffixes of a database and the two files that SQLite creates beside it. */
const fileSuffixes = ['', '-wal', '-shm'];

/** Moves a damaged database and its files to a new name and reports it. `now`: epoch seconds. */
export function quarantine(path: string, now: number, reason: string): Problem {
  const quarantinePath = unusedPath(`${path}.corrupt-${compactUtcTime(now)}`);
  for (const suffix of fileSuffixes)
    if (existsSync(path + suffix)) renameSync(path + suffix, quarantinePath + suffix);
  clearCorruptionMark(path);
  return {
    kind: 'store',
    subject: path,
    message: `the state database was damaged (${reason}); it was moved to ${basename(quarantinePath)} and replaced by a new one`,
    remedy:
      `Only ${join(dirname(path), basename(quarantinePath))} holds what the archives have deleted. To recover it, ` +
      'move the file to a folder of its own as pstrace.db, export it with "pstrace db export" and ' +
      'import the result with "pstrace db import".',
  };
}

/** Marks a database as corrupt, so that the next opening checks all of it. */
export function markAsCorrupt(path: string): void {
  ensurePrivateFile(corruptionMarkPath(path));
}

/** Whether an earlier process found corruption in the database. */
export function isMarkedAsCorrupt(path: string): boolean {
  return existsSync(corruptionMarkPath(path));
}

/** Removes the mark. */
export function clearCorruptionMark(path: string): void {
  rmSync(corruptionMarkPath(path), { force: true });
}

function corruptionMarkPath(path: string): string {
  return `${path}.suspect`;
}

/** 20261121T005809Z */
function compactUtcTime(now: number): string {
  return new Date(now * 1000).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
}

function unusedPath(wanted: string): string {
  let path = wanted;
  for (let copy = 2; fileSuffixes.some((part) => existsSync(path + part)); copy++)
    path = `${wanted}-${copy}`;
  return path;
}
