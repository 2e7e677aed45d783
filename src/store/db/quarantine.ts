import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ensurePrivateFile } from '../../lib/files.ts';
import type { Problem } from '../../model/run/problem.ts';

/** Suffixes of a database and the two files that SQLite creates beside it. */
const fileSuffixes = ['', '-wal', '-shm'];

/**
 * Copies of damaged databases to keep: the first, which has the oldest results, and the last ones.
 * A failing disk would otherwise fill itself.
 */
const maxCopies = 3;

/**
 * Moves a damaged database and its files to a new name and reports it. `now`: epoch seconds.
 * Deletes copies between the first and the last ones.
 */
export function quarantine(path: string, now: number, reason: string): Problem {
  const quarantinePath = unusedPath(`${path}.corrupt-${compactUtcTime(now)}`);
  for (const suffix of fileSuffixes)
    if (existsSync(path + suffix)) renameSync(path + suffix, quarantinePath + suffix);
  clearCorruptionMark(path);
  const deleted = deleteSurplusCopies(path);
  return {
    kind: 'store',
    subject: path,
    message: `the state database was damaged (${reason}); it was moved to ${basename(quarantinePath)} and replaced by a new one${deletedText(deleted)}`,
    remedy:
      `Only ${join(dirname(path), basename(quarantinePath))} holds what the archives have deleted. To recover it, ` +
      'move the file to a folder of its own as pstrace.db, export it with "pstrace db export" and ' +
      'import the result with "pstrace db import".',
  };
}

/** Deletes the copies beyond `maxCopies`, but not the first one. Returns their names. */
function deleteSurplusCopies(path: string): string[] {
  const prefix = `${basename(path)}.corrupt-`;
  const isCopy = (name: string) => name.startsWith(prefix) && !/-(wal|shm)$/.test(name);
  const copies = readdirSync(dirname(path)).filter(isCopy).sort(compareCopies);
  const surplus = copies.slice(1, 1 + Math.max(0, copies.length - maxCopies));
  for (const name of surplus) {
    for (const suffix of fileSuffixes) rmSync(join(dirname(path), name + suffix), { force: true });
  }
  return surplus;
}

/** By time, and by number within a second. */
function compareCopies(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}

function deletedText(names: readonly string[]): string {
  if (names.length === 0) return '';
  return `; pstrace keeps ${maxCopies} such copies and deleted ${names.join(', ')}`;
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
