import type { Session } from '../../cli/session.ts';
import { type ExitCode, exitCodes } from '../../lib/exitCodes.ts';
import type { PageCounts } from '../../report/publish/pageGroups.ts';
import type { Store } from '../../store/store.ts';
import type { MeshPlanResult } from '../collect/meshPlan.ts';
import { unmaskSummaries, writeMonitoringFiles } from '../notify/monitoringFiles.ts';
import { logProblems } from '../problems.ts';
import type { RunJob } from '../run.ts';
import { noPages, type RunRecord, type RunReport } from '../runRecord.ts';
import { hasFreshResults } from './freshResults.ts';
import { publicStore } from './publicStore.ts';
import {
  allRunsLimit,
  createSiteInput,
  currentContext,
  lastContext,
  publish,
  refreshStatusPage,
  reportSite,
} from './publish.ts';

/** A run whose results are in the store. */
export interface CollectedRun {
  readonly store: Store;
  readonly job: RunJob;
  readonly session: Session;
  readonly record: RunRecord;
  readonly report: RunReport;
  readonly planResult: MeshPlanResult;
}

/** What became of the pages of a run. */
export interface PublishedPages {
  readonly code: ExitCode;
  /** Lets the pages tell of the messages too, once they are out. Throws an `ExpectedError`. */
  readonly refreshStatusPage: () => void;
}

/** Writes the pages of a run, and what monitoring reads of it. */
export async function publishRun(run: CollectedRun): Promise<PublishedPages> {
  return (await publishFresh(run)) ?? (await publishStale(run));
}

/** The pages of what the store holds now; null when nothing in it is of the present or no test has data in the window. */
async function publishFresh(run: CollectedRun): Promise<PublishedPages | null> {
  const { store, session, record, report } = run;
  const { window, config } = run.job;
  if (!hasFreshResults(report.archives, store, window)) return null;
  const outcome = report.problems.length === 0 ? 'ok' : 'partial';
  const context = currentContext(window, config.title, [report, ...store.runs(allRunsLimit)]);
  const finish = (pages: PageCounts) => record.finish(outcome, report, pages);
  const publicView = publicStore(store, config);
  const input = createSiteInput(store, publicView, config, context, run.planResult.plan);
  const published = await publish(publicView, config.out, context, session, finish, input);
  if (published === null) return null;
  reportSite(published, config.out, session);
  const refresh = () =>
    refreshStatusPage(store, publicView, config, context, input, published.summaries);
  if (window.to < session.now) return { code: exitCodes[outcome], refreshStatusPage: refresh };
  const tests = unmaskSummaries(published.summaries, store, publicView);
  const monitoringProblems = writeMonitoringFiles(store, tests, config, session.clock());
  logProblems(monitoringProblems, session.log);
  const code = monitoringProblems.length === 0 ? exitCodes[outcome] : exitCodes.partial;
  return { code, refreshStatusPage: refresh };
}

/** The pages of the last run that had any, marked as out of date. */
async function publishStale(run: CollectedRun): Promise<PublishedPages> {
  const { store, session, record, report } = run;
  const { config } = run.job;
  const { out, title } = config;
  record.finish('failed', report, noPages);
  const publicView = publicStore(store, config);
  const context = lastContext(store.runs(allRunsLimit), title);
  const finish = (pages: PageCounts) => record.finish('failed', report, pages);
  const input = context && createSiteInput(store, publicView, config, context, run.planResult.plan);
  const republished =
    context && input && (await publish(publicView, out, context, session, finish, input));
  session.log.error(
    republished
      ? `nothing usable came back; the pages in ${out} stay as they were and are marked as out of date`
      : 'nothing usable came back, and there is nothing from before; no pages are written',
  );
  const refresh = () =>
    republished &&
    input &&
    refreshStatusPage(store, publicView, config, context, input, republished.summaries);
  return { code: exitCodes.failed, refreshStatusPage: refresh };
}
