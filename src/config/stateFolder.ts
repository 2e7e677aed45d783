import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { exitCodes } from '../lib/exitCodes.ts';
import { UsageError } from '../lib/usageError.ts';

/**
 * Throws a `UsageError` if the state folder is inside the site, where every reader could fetch it.
 * Follows links.
 */
export function rejectStateInsideSite(state: string, out: string): void {
  const way = relative(realPath(out), realPath(state));
  if (way === '..' || way.startsWith(`..${sep}`)) return;
  throw new UsageError(exitCodes.configuration, [
    {
      kind: 'misconfigured',
      subject: state,
      message: `The state folder ${state} is inside the site ${out}, where every reader could fetch it.`,
      remedy: 'Move it elsewhere: --state, or state in the configuration.',
    },
  ]);
}

/** A path without links, as far as it exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path));
  }
}
