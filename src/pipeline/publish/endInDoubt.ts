import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import { jsonObject } from '../../lib/jsonObject.ts';
import { reportDoubt } from '../clock/trustClock.ts';
import { loadMeshPlan } from '../collect/meshPlan.ts';
import type { RunContext } from '../runContext.ts';
import { allRunsLimit } from '../runRecord.ts';
import { publishSite } from './publishSite.ts';
import { readSite } from './readSite.ts';
import { lastContext } from './siteContext.ts';

const staleMessage = 'The clock of the host that makes this site is wrong.';

/**
 * Ends a run that failed because the clock of this host is in doubt: says so, and marks the pages
 * as out of date unless they are. Throws any other error again.
 */
export async function endInDoubt(run: RunContext, error: unknown): Promise<ExitCode> {
  if (!reportDoubt(error, run.session)) throw error;
  if (!isMarked(run.config.out)) await markOutOfDate(run);
  return exitCodes.failed;
}

/** Whether the site says that the clock is wrong. */
function isMarked(out: string): boolean {
  try {
    const status = jsonObject(JSON.parse(readFileSync(join(out, 'data/status.json'), 'utf8')));
    return jsonObject(status.stale).message === staleMessage;
  } catch {
    // No site, or one that cannot be read: writing it again does no harm.
    return false;
  }
}

/** Writes the last site again. Stores nothing. */
async function markOutOfDate({ store, config, session }: RunContext): Promise<void> {
  const context = lastContext(store.runs(allRunsLimit), config.title);
  if (context === null) return;
  const { plan } = await loadMeshPlan(config, false, session);
  const stale = { since: context.window.to, message: staleMessage };
  await publishSite(config, readSite(store, config, { ...context, stale }, plan), session);
}
