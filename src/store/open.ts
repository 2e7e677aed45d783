import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { ExpectedError } from '../lib/errors.ts';
import { ensurePrivateDirectory, ensurePrivateFile } from '../lib/files.ts';
import type { Problem } from '../model/run/problem.ts';
import { checkDatabase } from './admin/checkDatabase.ts';
import { createDatabaseAdmin, type DatabaseAdmin } from './admin/databaseAdmin.ts';
import { CorruptionError } from './db/bytes.ts';
import { openDatabase } from './db/database.ts';
import {
  clearCorruptionMark,
  isMarkedAsCorrupt,
  markAsCorrupt,
  quarantine,
} from './db/quarantine.ts';
import { isCorruption, storeFailure } from './db/storeFailure.ts';
import { createStore, type Store } from './store.ts';
import { openTables } from './tables.ts';

/**
 * `read`: a missing or damaged database is an error. `write`: a missing one is created; a damaged
 * one is quarantined and replaced by a new one.
 */
export type AccessMode = 'read' | 'write';

/**
 * Opens the store in a state folder. `now`: epoch seconds. In mode `write`, creates the
 * directory (0700) and the database (0600) if needed, and moves a damaged database to a new name;
 * `problems` reports that. In mode `read`, an error prevents an empty site from replacing a good
 * one. Throws `ExpectedError` of kind `store`.
 */
export function openStore(dir: string, now: number, mode: AccessMode = 'write'): Store {
  const path = join(dir, 'pstrace.db');
  const { problems, opened } = openState(dir, now, mode, () => {
    const check = isMarkedAsCorrupt(path);
    const database = openDatabase({ path, check });
    if (check) rejectCorrupt(database);
    const store = createStore(database);
    if (check) clearCorruptionMark(path);
    return store;
  });
  return withStoreErrors({ ...opened, problems }, path);
}

/**
 * Opens the database of a state folder for an administrator, a damaged one too, as far as it is
 * readable.
 */
export function openForAdmin(
  dir: string,
  now: number,
  mode: AccessMode,
): DatabaseAdmin & Pick<Store, 'problems'> {
  const path = join(dir, 'pstrace.db');
  const { problems, opened } = openState(dir, now, mode, () =>
    createDatabaseAdmin(openDatabase({ path, check: false })),
  );
  return {
    ...withStoreErrors(opened, path),
    problems,
    *records(onCorruption) {
      try {
        yield* opened.records(onCorruption);
      } catch (error) {
        throw storeFailure(error, path);
      }
    },
    import: () => withStoreErrors(opened.import(), path),
  };
}

/**
 * Calls `open` after it has created a missing database or moved a damaged one away, as the mode
 * allows.
 */
function openState<Opened>(
  dir: string,
  now: number,
  mode: AccessMode,
  open: () => Opened,
): { readonly opened: Opened; readonly problems: readonly Problem[] } {
  const path = join(dir, 'pstrace.db');
  try {
    if (mode === 'read') rejectMissing(path);
    else {
      ensurePrivateDirectory(dir);
      ensurePrivateFile(path);
    }
    try {
      return { opened: open(), problems: [] };
    } catch (error) {
      if (mode === 'read' || !isCorruption(error)) throw error;
      const problem = quarantine(path, now, (error as Error).message);
      ensurePrivateFile(path);
      return { opened: open(), problems: [problem] };
    }
  } catch (error) {
    throw storeFailure(error, path);
  }
}

function rejectMissing(path: string): void {
  if (existsSync(path)) return;
  throw new ExpectedError({
    kind: 'store',
    subject: path,
    message: `no state database exists yet (${path})`,
    remedy:
      'Run pstrace with an archive and a window first, or name another state folder with --state.',
  });
}

/** Reads all packed bodies: they may be damaged within an intact file. */
function rejectCorrupt(database: DatabaseSync): void {
  const [fault] = checkDatabase(database, openTables(database)).faults;
  if (fault === undefined) return;
  database.close();
  throw new CorruptionError(fault);
}

type Method = (...args: unknown[]) => unknown;

/**
 * Wraps the methods of an object and of its members: errors of SQLite become `ExpectedError`, and
 * corruption is marked for the next opening.
 */
function withStoreErrors<Methods extends object>(object: Methods, path: string): Methods {
  const wrapMember = ([name, member]: [string, unknown]): [string, unknown] => {
    if (typeof member === 'function')
      return [name, (...args: unknown[]) => callWithStoreErrors(member as Method, args, path)];
    const isNested = typeof member === 'object' && member !== null && !Array.isArray(member);
    return [name, isNested ? withStoreErrors(member, path) : member];
  };
  return Object.fromEntries(Object.entries(object).map(wrapMember)) as Methods;
}

function callWithStoreErrors(method: Method, args: unknown[], path: string): unknown {
  try {
    return method(...args);
  } catch (error) {
    if (isCorruption(error)) markAsCorrupt(path);
    throw storeFailure(error, path);
  }
}
