import { existsSync, lstatSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { ExpectedError } from '../../lib/errors.ts';

/** Own links at the top of the site lead through this one; what else lies there belongs to the administrator. */
const throughCurrent = '.site/current/';

/** Makes sure that a name at the top of the site is free or ours. Throws `ExpectedError` where it is not. */
export function claimRootName(root: string, name: string): void {
  const path = join(root, name);
  const existing = lstatSync(path, { throwIfNoEntry: false });
  if (existing === undefined || isOwn(path)) return;
  throw new ExpectedError({
    kind: 'store',
    subject: path,
    message: `cannot write the site: ${path} is in the way; pstrace did not make it and leaves it alone`,
    remedy: 'Move it away, or name another directory by --out.',
  });
}

/** Makes the links at the top of the site. A link to what the current release lacks leads nowhere until the swap. */
export function makeRootLinks(root: string, names: Iterable<string>): void {
  for (const name of names) {
    const path = join(root, name);
    if (!isOwn(path)) symlinkSync(throughCurrent + name, path);
  }
}

/** Removes own links that lead nowhere. */
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
