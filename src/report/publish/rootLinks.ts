import { existsSync, lstatSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from '../../lib/errors.ts';

/**
 * pstrace's links at the top of the site lead through this link; other files belong to the
 * administrator.
 */
const throughCurrent = '.site/current/';

/**
 * Checks that a name at the top of the site is free or a link of pstrace; else throws an
 * `ExpectedError`.
 */
export function claimRootName(root: string, name: string): void {
  const path = join(root, name);
  const existing = lstatSync(path, { throwIfNoEntry: false });
  if (existing === undefined || isOwn(path)) return;
  throw new ExpectedError({
    kind: 'store',
    subject: path,
    message: `cannot write the site: ${path} exists and was not made by pstrace`,
    remedy: 'Move it away, or choose another folder with --out.',
  });
}

/** Makes the links at the top of the site. Links to new pages dangle until the swap. */
export function makeRootLinks(root: string, names: Iterable<string>): void {
  for (const name of names) {
    const path = join(root, name);
    if (!isOwn(path)) symlinkSync(throughCurrent + name, path);
  }
}

/** Removes dangling links of pstrace. */
export function pruneRootLinks(root: string): void {
  for (const name of readdirSync(root)) {
    const path = join(root, name);
    if (isOwn(path) && !existsSync(path)) rmSync(path);
  }
}

function isOwn(path: string): boolean {
  const existing = lstatSync(path, { throwIfNoEntry: false });
  return existing?.isSymbolicLink() === true && readlinkSync(path).startsWith(throughCurrent);
}
