import type { Session } from '../../cli/session.ts';
import type { Config } from '../../config/load.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import type { Run } from '../../model/run.ts';
import type { SiteContext } from '../../report/page.ts';
import { loadMeshPlan } from '../collect/meshPlan.ts';
import { withStateLock, withStore } from '../stateLock.ts';
import { publicStore } from './publicStore.ts';
import {
  allRunsLimit,
  createSiteInput,
  currentContext,
  lastContext,
  publish,
  reportSite,
} from './publish.ts';

/** A window other than that of the last run; null in part or whole for what the last run looked at. */
export interface RenderWindow {
  readonly windowSeconds: number | null;
  readonly until: number | null;
}

/** store → analysis → pages, without asking any archive. */
export function render(
  config: Config,
  requested: RenderWindow,
  session: Session,
): Promise<ExitCode> {
  const { state, out } = config;
  return withStore(state, session, 'read', (store) =>
    withStateLock(state, session, async () => {
      const context = chooseContext(store.runs(allRunsLimit), requested, config, session.now);
      const { plan } = await loadMeshPlan(config, false, session);
      const publicView = publicStore(store, config);
      const input = createSiteInput(store, publicView, config, context, plan);
      const published = await publish(publicView, out, context, session, () => {}, input);
      if (published === null) {
        session.log.error(
          `the store in ${state} has no results for this period; no pages are written`,
        );
        return exitCodes.failed;
      }
      reportSite(published, out, session);
      return exitCodes.ok;
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
  const to = until ?? last?.window.to ?? now;
  const from = to - (windowSeconds ?? lastSeconds);
  return {
    ...currentContext({ from, to }, title, runs),
    stale: until === null ? (last?.stale ?? null) : null,
  };
}
