import type { Config } from '../../config/load.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import type { Run } from '../../model/run/run.ts';
import type { SiteContext } from '../../report/page.ts';
import { loadMeshPlan } from '../collect/meshPlan.ts';
import { allRunsLimit } from '../runRecord.ts';
import type { Session } from '../session.ts';
import { claimFolders, withStateLock, withStore } from '../stateLock.ts';
import { publishSite } from './publishSite.ts';
import { readSite } from './readSite.ts';
import { currentContext, isPast, lastContext, pastContext, windowUntil } from './siteContext.ts';

/** Length and end of the window; null: as in the last run. */
export interface RenderWindow {
  readonly windowSeconds: number | null;
  readonly until: number | null;
}

/** Writes the site from the store, without any archive. Changes nothing in the store. */
export async function render(
  config: Config,
  requested: RenderWindow,
  session: Session,
): Promise<ExitCode> {
  const { state } = config;
  claimFolders(config);
  return withStore(state, session, 'read', (store) =>
    withStateLock(state, session, async () => {
      const context = chooseContext(store.runs(allRunsLimit), requested, config, session.now);
      const { plan } = await loadMeshPlan(config, false, session);
      const input = { ...readSite(store, config, context, plan), redrawSeconds: 0 };
      const site = await publishSite(config, input, session);
      if (site !== null) {
        const isWhole = site.problems.length + site.leftovers.length === 0;
        return isWhole ? exitCodes.ok : exitCodes.partial;
      }
      session.log.error(
        `the store in ${state} has no results in this window; no pages were written`,
      );
      return exitCodes.failed;
    }),
  );
}

function chooseContext(
  runs: readonly Run[],
  { windowSeconds, until }: RenderWindow,
  { title, windowSeconds: defaultSeconds }: Config,
  now: number,
): SiteContext {
  const last = lastContext(runs, title);
  const lastSeconds = last === null ? defaultSeconds : last.window.to - last.window.from;
  const seconds = windowSeconds ?? lastSeconds;
  const to = until ?? last?.window.to ?? now;
  const window = windowUntil(to, seconds);
  if (until !== null && isPast(window, now)) return pastContext(window, title, runs);
  const context = currentContext(window, title, runs);
  return { ...context, stale: last?.stale ?? null, readAt: now };
}
