import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { ExpectedError } from '../lib/errors.ts';
import { ensurePrivateDirectory, ensurePrivateFile } from '../lib/files.ts';
import type { Problem } from '../model/problem.ts';
import { clearSuspicion, isSuspect, setAside, suspect } from './aside.ts';
import { DamagedBody } from './bytes.ts';
import { checkDatabase } from './care/check.ts';
import { type Care, careOver } from './care.ts';
import { openDatabase } from './database.ts';
import { isDamage, storeFailure } from './failure.ts';
import { type Store, storeOver } from './store.ts';
import { openTables } from './tables.ts';

/** For reading, a missing or damaged database is an error; for writing, it is made, or kept aside and begun anew. */
export type Use = 'read' | 'write';

/**
 * Opens the store in a state directory; `now` is epoch seconds. For writing, directory and database are made if
 * need be (0700 and 0600), and a damaged database is kept aside under a new name while a new one is begun,
 * which `problems` tells. For reading, a missing or damaged one is an error, lest a good site is replaced by an empty
 * one. Throws `ExpectedError` of kind `store`.
 */
export function openStore(dir: string, now: number, use: Use = 'write'): Store {
  const path = join(dir, 'pstrace.db');
  const { problems, opened } = openState(dir, now, use, () => {
    const check = isSuspect(path);
    const database = openDatabase({ path, check });
    if (check) refuseDamaged(database);
    const store = storeOver(database);
    if (check) clearSuspicion(path);
    return store;
  });
  return guarded({ ...opened, problems }, path);
}

/** Opens the database in a state directory for an administrator, as `openStore` does; a damaged one as far as it goes. */
export function openCare(dir: string, now: number, use: Use): Care & Pick<Store, 'problems'> {
  const path = join(dir, 'pstrace.db');
  const { problems, opened } = openState(dir, now, use, () =>
    careOver(openDatabase({ path, check: false })),
  );
  return {
    ...guarded(opened, path),
    problems,
    *records(damage) {
      try {
        yield* opened.records(damage);
      } catch (error) {
        throw storeFailure(error, path);
      }
    },
    import: () => guarded(opened.import(), path),
  };
}

/** Opens by `open`, after making what is missing or setting aside what is damaged, as the use allows. */
function openState<Opened>(
  dir: string,
  now: number,
  use: Use,
  open: () => Opened,
): { readonly opened: Opened; readonly problems: readonly Problem[] } {
  const path = join(dir, 'pstrace.db');
  try {
    if (use === 'read') refuseMissing(path);
    else {
      ensurePrivateDirectory(dir);
      ensurePrivateFile(path);
    }
    try {
      return { opened: open(), problems: [] };
    } catch (error) {
      if (use === 'read' || !isDamage(error)) throw error;
      const problem = setAside(path, now, (error as Error).message);
      ensurePrivateFile(path);
      return { opened: open(), problems: [problem] };
    }
  } catch (error) {
    throw storeFailure(error, path);
  }
}

function refuseMissing(path: string): void {
  if (existsSync(path)) return;
  throw new ExpectedError({
    kind: 'store',
    subject: path,
    message: `there is no state database yet (${path})`,
    remedy:
      'Run pstrace with an archive and a period first, or name the state directory by --state.',
  });
}

/** The file may be sound, and what is packed into it damaged all the same. */
function refuseDamaged(database: DatabaseSync): void {
  const [finding] = checkDatabase(database, openTables(database)).findings;
  if (finding === undefined) return;
  database.close();
  throw new DamagedBody(finding);
}

type Method = (...args: unknown[]) => unknown;

/**
 * The same object, but errors of SQLite come as `ExpectedError`, and damage is remembered for the next opening; so for the
 * objects that are its members.
 */
function guarded<Methods extends object>(object: Methods, path: string): Methods {
  const guard = ([name, member]: [string, unknown]): [string, unknown] => {
    if (typeof member === 'function')
      return [name, (...args: unknown[]) => attempt(member as Method, args, path)];
    const isPart = typeof member === 'object' && member !== null && !Array.isArray(member);
    return [name, isPart ? guarded(member, path) : member];
  };
  return Object.fromEntries(Object.entries(object).map(guard)) as Methods;
}

function attempt(method: Method, args: unknown[], path: string): unknown {
  try {
    return method(...args);
  } catch (error) {
    if (isDamage(error)) suspect(path);
    throw storeFailure(error, path);
  }
}
