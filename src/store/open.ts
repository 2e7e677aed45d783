import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from '../lib/errors.ts';
import { ensurePrivateDirectory, ensurePrivateFile } from '../lib/files.ts';
import type { Problem } from '../model/problem.ts';
import { clearSuspicion, isSuspect, setAside, suspect } from './aside.ts';
import { openDatabase } from './database.ts';
import { isDamage, storeFailure } from './failure.ts';
import { type Store, storeOver } from './store.ts';

/**
 * Opens the store in a state directory; `now` is epoch seconds. For writing, directory and database are made if
 * need be (0700 and 0600), and a damaged database is kept aside under a new name while a new one is begun,
 * which `problems` tells. For reading, a missing or damaged one is an error, lest a good site is replaced by an empty
 * one. Throws `ExpectedError` of kind `store`.
 */
export function openStore(dir: string, now: number, use: 'write' | 'read' = 'write'): Store {
  const path = join(dir, 'pstrace.db');
  try {
    if (use === 'read') return readable(path);
    ensurePrivateDirectory(dir);
    ensurePrivateFile(path);
    return writable(path, now);
  } catch (error) {
    throw storeFailure(error, path);
  }
}

function readable(path: string): Store {
  if (existsSync(path)) return opened(path, []);
  throw new ExpectedError({
    kind: 'store',
    subject: path,
    message: `there is no state database yet (${path})`,
    remedy:
      'Run pstrace with an archive and a period first, or name the state directory by --state.',
  });
}

function writable(path: string, now: number): Store {
  try {
    return opened(path, []);
  } catch (error) {
    if (!isDamage(error)) throw error;
    const problem = setAside(path, now, (error as Error).message);
    ensurePrivateFile(path);
    return opened(path, [problem]);
  }
}

function opened(path: string, problems: readonly Problem[]): Store {
  const check = isSuspect(path);
  const store = storeOver(openDatabase({ path, check }));
  if (check) clearSuspicion(path);
  return guarded({ ...store, problems }, path);
}

type Method = (...args: unknown[]) => unknown;

/** The same store, but errors of SQLite come as `ExpectedError`, and damage is remembered for the next opening. */
function guarded(store: Store, path: string): Store {
  const guard = ([name, member]: [string, unknown]): [string, unknown] => {
    if (typeof member !== 'function') return [name, member];
    return [name, (...args: unknown[]) => attempt(member as Method, args, path)];
  };
  return Object.fromEntries(Object.entries(store).map(guard)) as unknown as Store;
}

function attempt(method: Method, args: unknown[], path: string): unknown {
  try {
    return method(...args);
  } catch (error) {
    if (isDamage(error)) suspect(path);
    throw storeFailure(error, path);
  }
}
