import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ensurePrivateFile } from '../../lib/files.ts';
import type { Problem } from '../../model/problem.ts';

/** A database and the two files that SQLite keeps beside it. */
const fileSuffixes = ['', '-wal', '-shm'];

/** Moves a damaged database to a new name, with all that belongs to it, and says so. `now` in epoch seconds. */
export function quarantine(path: string, now: number, reason: string): Problem {
  const quarantinePath = unusedPath(`${path}.corrupt-${compactUtcTime(now)}`);
  for (const suffix of fileSuffixes)
    if (existsSync(path + suffix)) renameSync(path + suffix, quarantinePath + suffix);
  clearCorruptionMark(path);
  return {
    kind: 'store',
    subject: path,
    message: `the state database was damaged (${reason}); it was kept as ${basename(quarantinePath)} and a new one begun`,
    remedy:
      `What the archives no longer hold is only in ${join(dirname(path), basename(quarantinePath))}. ` +
      'Moved into a directory of its own as pstrace.db, "pstrace db export" tells what can be read of it, for "pstrace db import".',
  };
}

/** Marks a database in which damage was met, so that the next opening looks it through. */
export function markAsCorrupt(path: string): void {
  ensurePrivateFile(corruptionMarkPath(path));
}

/** True when the last process met damage in it. */
export function isMarkedAsCorrupt(path: string): boolean {
  return existsSync(corruptionMarkPath(path));
}

/** Takes the mark away. */
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
