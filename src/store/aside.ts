import { existsSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ensurePrivateFile } from '../lib/files.ts';
import type { Problem } from '../model/problem.ts';

/** A database and the two files that SQLite keeps beside it. */
const parts = ['', '-wal', '-shm'];

/** Moves a damaged database to a new name, with all that belongs to it, and says so. `now` in epoch seconds. */
export function setAside(path: string, now: number, reason: string): Problem {
  const kept = freeName(`${path}.corrupt-${stamp(now)}`);
  for (const part of parts) if (existsSync(path + part)) renameSync(path + part, kept + part);
  clearSuspicion(path);
  return {
    kind: 'store',
    subject: path,
    message: `the state database was damaged (${reason}); it was kept as ${basename(kept)} and a new one begun`,
    remedy:
      `What the archives no longer hold is only in ${join(dirname(path), basename(kept))}. ` +
      'Moved into a directory of its own as pstrace.db, "pstrace db export" tells what can be read of it, for "pstrace db import".',
  };
}

/** Marks a database in which damage was met, so that the next opening looks it through. */
export function suspect(path: string): void {
  ensurePrivateFile(suspicion(path));
}

/** True when the last process met damage in it. */
export function isSuspect(path: string): boolean {
  return existsSync(suspicion(path));
}

/** Takes the mark away. */
export function clearSuspicion(path: string): void {
  rmSync(suspicion(path), { force: true });
}

function suspicion(path: string): string {
  return `${path}.suspect`;
}

/** 20261121T005809Z */
function stamp(now: number): string {
  return new Date(now * 1000).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let copy = 2; parts.some((part) => existsSync(name + part)); copy++)
    name = `${wanted}-${copy}`;
  return name;
}
