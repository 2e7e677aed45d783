import type { Config } from '../config/load.ts';
import { ExpectedError } from '../lib/errors.ts';
import type { Interval } from '../model/trace.ts';
import type { PageCounts } from '../report/publish.ts';
import type { Store } from '../store/store.ts';
import { type AskedArchive, collect } from './collect.ts';
import { takeDropped } from './dropFolder.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import { forgetOldTraces, settleHistory } from './history.ts';
import { unlessAborted } from './interrupt.ts';
import { askDns, lookUpSystems } from './lookups.ts';
import { asMeasured, tellMonitoring } from './monitoring.ts';
import { type FoundPlan, meshPlan } from './plan.ts';
import { warnOf } from './problems.ts';
import { publicStore } from './publicStore.ts';
import { allRuns, freshContext, lastContext, publish, siteMatter, tellSite } from './publish.ts';
import { noPages, type RunFacts, type RunRecord, recordRun } from './runRecord.ts';
import type { Session } from './session.ts';
import { alone, withStore } from './state.ts';
import { isUsable } from './usable.ts';

/** A run: the archives to ask (none where mtr alone measures), the window to look at, and where everything goes. */
export interface RunJob {
  readonly archives: readonly AskedArchive[];
  readonly window: Interval;
  readonly config: Config;
}

/** archives and files → store → analysis → pages. Closes the archives in the end. */
export async function run(job: RunJob, session: Session): Promise<ExitCode> {
  const { state } = job.config;
  try {
    return await alone(state, session, () =>
      withStore(state, session, 'write', (store) => runWith(store, job, session)),
    );
  } finally {
    await Promise.all(job.archives.map(({ archive }) => archive.close()));
  }
}

async function runWith(store: Store, job: RunJob, session: Session): Promise<ExitCode> {
  const { archives, window, config } = job;
  store.distrust(session.now);
  const record = recordRun(store, window, session);
  const wanted = { window, overlapSeconds: config.overlapSeconds };
  const collecting = collect(archives, store, wanted, session);
  const planning = meshPlan(config, true, session);
  const dropping = takeDropped(config, store, session);
  const [collected, planned, dropped] = await unlessAborted(
    Promise.all([collecting, planning, dropping]),
    session.signal,
  );
  const found = collected.flatMap((each) => each.problems);
  const unknown = await lookUpSystems(store, config, session);
  const problems = [
    ...[...store.problems, ...found, ...dropped.problems],
    ...[...planned.problems, ...unknown],
  ];
  const facts = { archives: collected.map((each) => each.record), problems };
  warnOf(problems, session.log);
  try {
    await settleHistory(store, window.to, session);
    const code =
      (await publishFresh(store, job, session, record, facts, planned)) ??
      (await publishStale(store, config, session, record, facts, planned));
    const { tracesSeconds } = config;
    forgetOldTraces(store, { tracesSeconds, windowFrom: window.from }, session);
    await askDns(store, config, session);
    return code;
  } catch (error) {
    if (error instanceof ExpectedError) {
      const all = [...problems, error.toProblem()];
      record.finish('problems', { ...facts, problems: all }, noPages);
    }
    throw error;
  }
}

/** The pages of what the store holds now; null when nothing in it is of the present or no test has data in the window. */
async function publishFresh(
  store: Store,
  { window, config }: RunJob,
  session: Session,
  record: RunRecord,
  facts: RunFacts,
  { plan }: FoundPlan,
): Promise<ExitCode | null> {
  if (!isUsable(facts.archives, store, window)) return null;
  const outcome = facts.problems.length === 0 ? 'good' : 'problems';
  const context = freshContext(window, config.title, [facts, ...store.runs(allRuns)]);
  const finish = (pages: PageCounts) => record.finish(outcome, facts, pages);
  const shown = publicStore(store, config);
  const matter = siteMatter(store, shown, config, context, plan);
  const published = await publish(shown, config.out, context, session, finish, matter);
  if (published === null) return null;
  tellSite(published, config.out, session);
  if (window.to < session.now) return exitCodes[outcome];
  const tests = asMeasured(published.summaries, store, shown);
  const untold = tellMonitoring(store, tests, config, session.clock());
  warnOf(untold, session.log);
  return untold.length === 0 ? exitCodes[outcome] : exitCodes.problems;
}

/** The pages of the last run that had any, marked as out of date. */
async function publishStale(
  store: Store,
  config: Config,
  session: Session,
  record: RunRecord,
  facts: RunFacts,
  { plan }: FoundPlan,
): Promise<ExitCode> {
  const { out, title } = config;
  record.finish('nothing', facts, noPages);
  const shown = publicStore(store, config);
  const context = lastContext(store.runs(allRuns), title);
  const finish = (pages: PageCounts) => record.finish('nothing', facts, pages);
  const matter = context && siteMatter(store, shown, config, context, plan);
  const kept = context && matter && (await publish(shown, out, context, session, finish, matter));
  session.log.error(
    kept
      ? `nothing usable came back; the pages in ${out} stay as they were and are marked as out of date`
      : 'nothing usable came back, and there is nothing from before; no pages are written',
  );
  return exitCodes.nothing;
}
