import { relative } from 'node:path';
import { exitCodes } from '../lib/exitCodes.ts';
import { UsageError } from '../lib/usageError.ts';

/**
 * Throws a `UsageError` if the state folder is inside the site, where every reader could fetch it.
 */
export function rejectStateInsideSite(state: string, out: string): void {
  if (relative(out, state).startsWith('..')) return;
  throw new UsageError(exitCodes.configuration, [
    {
      kind: 'misconfigured',
      subject: state,
      message: `The state folder ${state} is inside the site ${out}, where every reader could fetch it.`,
      remedy: 'Move it elsewhere: --state, or state in the configuration.',
    },
  ]);
}
