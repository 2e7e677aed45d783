import type { Config } from '../config/load.ts';
import type { Run } from '../model/run.ts';
import type { SiteContext } from '../report/page.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import { meshPlan } from './plan.ts';
import { publicStore } from './publicStore.ts';
import { allRuns, freshContext, lastContext, publish, siteMatter, tellSite } from './publish.ts';
import type { Session } from './session.ts';
import { alone, withStore } from './state.ts';

/** A window other than that of the last run; null in part or whole for what the last run looked at. */
export interface RenderWindow {
  readonly periodSeconds: number | null;
  readonly until: number | null;
}

/** store → analysis → pages, without asking any archive. */
export function render(config: Config, wanted: RenderWindow, session: Session): Promise<ExitCode> {
  const { state, out } = config;
  return withStore(state, session, 'read', (store) =>
    alone(state, session, async () => {
      const context = chosen(store.runs(allRuns), wanted, config, session.now);
      const { plan } = await meshPlan(config, false, session);
      const shown = publicStore(store, config);
      const matter = siteMatter(store, shown, config, context, plan);
      const published = await publish(shown, out, context, session, () => {}, matter);
      if (published === null) {
        session.log.error(
          `the store in ${state} has no results for this period; no pages are written`,
        );
        return exitCodes.nothing;
      }
      tellSite(published, out, session);
      return exitCodes.good;
    }),
  );
}

function chosen(
  runs: readonly Run[],
  { periodSeconds, until }: RenderWindow,
  { title, periodSeconds: usual }: Config,
  now: number,
): SiteContext {
  const last = lastContext(runs, title);
  const lastLength = last === null ? usual : last.window.to - last.window.from;
  const to = until ?? last?.window.to ?? now;
  const from = to - (periodSeconds ?? lastLength);
  return {
    ...freshContext({ from, to }, title, runs),
    stale: until === null ? (last?.stale ?? null) : null,
  };
}
