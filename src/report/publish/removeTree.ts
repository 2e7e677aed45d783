import { rmSync } from 'node:fs';
import { ExpectedError } from '../../lib/errors.ts';
import { fileFailure } from '../../lib/files.ts';
import type { Problem } from '../../model/run/problem.ts';

/**
 * Removes a folder with all that it contains, if it exists. Returns why it cannot be deleted,
 * introduced by `summary`; null if it was.
 */
export function removeTree(path: string, summary: string): Problem | null {
  try {
    rmSync(path, { recursive: true, force: true });
    return null;
  } catch (error) {
    const failure = fileFailure(error, summary, path);
    return {
      kind: 'store',
      subject: path,
      // Node.js gives no code for some errors of rmSync.
      message: failure instanceof ExpectedError ? failure.message : `${summary} (${path})`,
      remedy: `Delete it as root: rm -r '${path}'`,
    };
  }
}
