import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFileAtomically } from '../../lib/atomicFile.ts';
import { fileFailure } from '../../lib/files.ts';
import { acquireLock } from '../../lib/lock.ts';
import type { Page } from '../page.ts';

/**
 * Puts pages in the place of those that the site in a directory has under their paths, each in one step; what it does not have it
 * does not get. Leaves a site alone that another process writes. Throws an `ExpectedError` of kind `store`.
 */
export function amendSite(outDir: string, pages: readonly Page[]): void {
  try {
    const lock = acquireLock(join(outDir, '.site', 'lock'));
    if (lock === null) return;
    try {
      for (const page of pages) amend(join(outDir, '.site', 'current', page.path), page.body);
    } finally {
      lock.release();
    }
  } catch (error) {
    throw fileFailure(error, 'cannot write the site', outDir);
  }
}

/** The file itself may be that of the site before, too, so it is replaced and not written to. */
function amend(file: string, body: Page['body']): void {
  if (statSync(file, { throwIfNoEntry: false }) === undefined) return;
  const partFor = (mark: string) => `${file}.${mark}.new`;
  replaceFileAtomically(file, partFor, (part) =>
    writeFileSync(part, body instanceof Uint8Array ? body : String(body)),
  );
}
