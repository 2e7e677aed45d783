import type { PageCounts } from '../report/publish/groups.ts';
import type { Store } from '../store/store.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import { asMeasured, tellMonitoring } from './monitoring.ts';
import type { FoundPlan } from './plan.ts';
import { warnOf } from './problems.ts';
import { publicStore } from './publicStore.ts';
import {
  allRuns,
  freshContext,
  lastContext,
  publish,
  restate,
  siteMatter,
  tellSite,
} from './publish.ts';
import type { RunJob } from './run.ts';
import { noPages, type RunFacts, type RunRecord } from './runRecord.ts';
import type { Session } from './session.ts';
import { isUsable } from './usable.ts';

/** A run whose results are in the store. */
export interface RunInHand {
  readonly store: Store;
  readonly job: RunJob;
  readonly session: Session;
  readonly record: RunRecord;
  readonly facts: RunFacts;
  readonly planned: FoundPlan;
}

/** What became of the pages of a run. */
export interface WrittenPages {
  readonly code: ExitCode;
  /** Lets the pages tell of the messages too, once they are out. Throws an `ExpectedError`. */
  readonly restate: () => void;
}

/** Writes the pages of a run, and what monitoring reads of it. */
export async function writePages(run: RunInHand): Promise<WrittenPages> {
  return (await publishFresh(run)) ?? (await publishStale(run));
}

/** The pages of what the store holds now; null when nothing in it is of the present or no test has data in the window. */
async function publishFresh(run: RunInHand): Promise<WrittenPages | null> {
  const { store, session, record, facts } = run;
  const { window, config } = run.job;
  if (!isUsable(facts.archives, store, window)) return null;
  const outcome = facts.problems.length === 0 ? 'good' : 'problems';
  const context = freshContext(window, config.title, [facts, ...store.runs(allRuns)]);
  const finish = (pages: PageCounts) => record.finish(outcome, facts, pages);
  const shown = publicStore(store, config);
  const matter = siteMatter(store, shown, config, context, run.planned.plan);
  const published = await publish(shown, config.out, context, session, finish, matter);
  if (published === null) return null;
  tellSite(published, config.out, session);
  const again = () => restate(store, shown, config, context, matter, published.summaries);
  if (window.to < session.now) return { code: exitCodes[outcome], restate: again };
  const tests = asMeasured(published.summaries, store, shown);
  const untold = tellMonitoring(store, tests, config, session.clock());
  warnOf(untold, session.log);
  const code = untold.length === 0 ? exitCodes[outcome] : exitCodes.problems;
  return { code, restate: again };
}

/** The pages of the last run that had any, marked as out of date. */
async function publishStale(run: RunInHand): Promise<WrittenPages> {
  const { store, session, record, facts } = run;
  const { config } = run.job;
  const { out, title } = config;
  record.finish('nothing', facts, noPages);
  const shown = publicStore(store, config);
  const context = lastContext(store.runs(allRuns), title);
  const finish = (pages: PageCounts) => record.finish('nothing', facts, pages);
  const matter = context && siteMatter(store, shown, config, context, run.planned.plan);
  const kept = context && matter && (await publish(shown, out, context, session, finish, matter));
  session.log.error(
    kept
      ? `nothing usable came back; the pages in ${out} stay as they were and are marked as out of date`
      : 'nothing usable came back, and there is nothing from before; no pages are written',
  );
  const again = () =>
    kept && matter && restate(store, shown, config, context, matter, kept.summaries);
  return { code: exitCodes.nothing, restate: again };
}
