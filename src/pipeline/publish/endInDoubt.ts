import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { reportDoubt } from '../clock/trustClock.ts';
import { loadMeshPlan } from '../collect/meshPlan.ts';
import type { RunContext } from '../runContext.ts';
import { allRunsLimit } from '../runRecord.ts';
import { publishSite } from './publishSite.ts';
import { readSite } from './readSite.ts';
import { lastContext } from './siteContext.ts';

/**
 * Ends a run that failed because the clock of this host is in doubt: says so, and marks the pages
 * as out of date, once. Throws any other error again.
 */
export async function endInDoubt(run: RunContext, error: unknown): Promise<ExitCode> {
  if (!reportDoubt(error, run.session)) throw error;
  if (error.isNew) await markOutOfDate(run);
  return exitCodes.failed;
}

/** Writes the last site again. Stores nothing. */
async function markOutOfDate({ store, config, session }: RunContext): Promise<void> {
  const context = lastContext(store.runs(allRunsLimit), config.title);
  if (context === null) return;
  const message = 'The clock of the host that makes this site is wrong.';
  const { plan } = await loadMeshPlan(config, false, session);
  const stale = { since: context.window.to, message };
  await publishSite(config, readSite(store, config, { ...context, stale }, plan), session);
}
