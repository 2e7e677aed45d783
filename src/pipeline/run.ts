import type { Session } from '../cli/session.ts';
import type { Config } from '../config/load.ts';
import { ExpectedError } from '../lib/errors.ts';
import { type ExitCode, exitCodes } from '../lib/exitCodes.ts';
import { raceWithAbort } from '../lib/interrupt.ts';
import type { Interval } from '../model/trace.ts';
import type { AlertSettings } from '../notify/routing/alertSettings.ts';
import type { Store } from '../store/store.ts';
import { lookUpAsNumbers, queryDns } from './collect/addressLookups.ts';
import { type ClockCheck, compareClocks } from './collect/clocks.ts';
import { type ArchiveSource, collectArchives } from './collect/collectArchives.ts';
import { ingestDropFolder } from './collect/dropFolder.ts';
import { loadMeshPlan, type MeshPlanResult } from './collect/meshPlan.ts';
import { detectChanges } from './detect/detectChanges.ts';
import { finalizeHistory, pruneTraces } from './finalizeHistory.ts';
import { createNotifier, type Notifier } from './notify/notifier.ts';
import { logProblems, newWarnings } from './problems.ts';
import { publishRun } from './publish/publishRun.ts';
import { noPages, type RunRecord, type RunReport, startRunRecord } from './runRecord.ts';
import { withStateLock, withStore } from './stateLock.ts';

/** A run: the archives to ask (none where mtr alone measures), the window to look at, and where everything goes. */
export interface RunJob {
  readonly archives: readonly ArchiveSource[];
  readonly window: Interval;
  readonly config: Config;
  /** Show what would be told, and keep nothing of it. */
  readonly dryRun?: boolean;
  /** What the demo tells, as if runs had looked at these moments too (epoch seconds), oldest first. */
  readonly scenario?: { readonly replayMoments: readonly number[]; readonly alerts: AlertSettings };
}

/** archives and files → store → analysis → pages. Closes the archives in the end. */
export async function run(job: RunJob, session: Session): Promise<ExitCode> {
  const { state } = job.config;
  try {
    const notifier = createNotifier(job.config, session, job.scenario?.alerts);
    const work = job.dryRun ? performDryRun : performRun;
    return await withStateLock(state, session, () =>
      withStore(state, session, 'write', (store) => work(store, job, notifier, session)),
    );
  } finally {
    await Promise.all(job.archives.map(({ archive }) => archive.close()));
  }
}

/** A run up to the point where people are told, of which nothing stays. */
function performDryRun(
  store: Store,
  job: RunJob,
  notifier: Notifier,
  session: Session,
): Promise<ExitCode> {
  return store.inRolledBackTransaction(async () => {
    const { report, planResult, clocks } = await collectAll(store, job, session);
    const planNotifications = (now: number) => notifier.plan(store, planResult.plan, now);
    const detectionProblems = await detectChanges(
      store,
      job.config,
      clocks,
      session,
      planNotifications,
    );
    logProblems(detectionProblems, session.log);
    notifier.printPending(store);
    return report.problems.length + detectionProblems.length === 0
      ? exitCodes.ok
      : exitCodes.partial;
  });
}

async function performRun(
  store: Store,
  job: RunJob,
  notifier: Notifier,
  session: Session,
): Promise<ExitCode> {
  const { window, config } = job;
  const record = startRunRecord(store, window, session);
  const { report: collectReport, planResult, clocks } = await collectAll(store, job, session);
  let report = collectReport;
  try {
    await finalizeHistory(store, window.to, session);
    const planNotifications = (now: number) => notifier.plan(store, planResult.plan, now);
    for (const now of job.scenario?.replayMoments ?? [])
      await detectChanges(store, config, clocks, { ...session, now }, planNotifications);
    const detectionProblems = await detectChanges(
      store,
      config,
      clocks,
      session,
      planNotifications,
    );
    logProblems(detectionProblems, session.log);
    report = { ...collectReport, problems: [...collectReport.problems, ...detectionProblems] };
    const [pages] = await Promise.allSettled([
      publishRun({ store, job, session, record, report, planResult }),
    ]);
    // Whatever became of the pages, but after them: who follows a link should find what it leads to.
    const refreshStatusPage =
      pages.status === 'rejected' ? () => {} : pages.value.refreshStatusPage;
    const allDelivered = await deliverNotifications(
      { store, notifier, record, refreshStatusPage },
      session,
    );
    if (pages.status === 'rejected') throw pages.reason;
    const { code } = pages.value;
    const { traceRetentionSeconds } = config;
    pruneTraces(store, { traceRetentionSeconds, windowFrom: window.from }, session);
    await queryDns(store, config, session);
    return allDelivered || code !== exitCodes.ok ? code : exitCodes.partial;
  } catch (error) {
    if (error instanceof ExpectedError) {
      const problems = [...report.problems, error.toProblem()];
      record.finish('partial', { ...report, problems: problems }, noPages);
    }
    throw error;
  }
}

/** What is known once everybody has been asked. */
interface CollectResult {
  readonly report: RunReport;
  readonly planResult: MeshPlanResult;
  readonly clocks: ClockCheck;
}

/** Among so many there is one that was not killed. */
const recentRunCount = 10;

/** Brings the store up to date with the archives and everything else that is asked. */
async function collectAll(
  store: Store,
  { archives, window, config }: RunJob,
  session: Session,
): Promise<CollectResult> {
  store.clampFutureTimestamps(session.now);
  const request = { window, overlapSeconds: config.overlapSeconds };
  const archivesPromise = collectArchives(archives, store, request, session);
  const planPromise = loadMeshPlan(config, true, session);
  const dropFolderPromise = ingestDropFolder(config, store, session);
  const [collected, planResult, ingested] = await raceWithAbort(
    Promise.all([archivesPromise, planPromise, dropFolderPromise]),
    session.signal,
  );
  const collectProblems = collected.flatMap((each) => each.problems);
  const clocks = compareClocks(archives.map(({ archive }) => archive));
  const lookupProblems = await lookUpAsNumbers(store, config, session);
  const problems = [
    ...[...store.problems, ...collectProblems, ...ingested.problems],
    ...[...planResult.problems, ...lookupProblems],
  ];
  const archiveRuns = collected.map((each) => each.record);
  const report = { archives: archiveRuns, problems, warnings: clocks.warnings };
  logProblems(
    [...newWarnings(clocks.warnings, store.runs(recentRunCount)), ...problems],
    session.log,
  );
  return { report, planResult, clocks };
}

interface NotifyInput {
  readonly store: Store;
  readonly notifier: Notifier;
  readonly record: RunRecord;
  readonly refreshStatusPage: () => void;
}

/**
 * Hands over what is to be told, and lets the pages tell of it; false when not all of it could be, which becomes a part of the
 * record of the run.
 */
async function deliverNotifications(
  { store, notifier, record, refreshStatusPage }: NotifyInput,
  { log }: Session,
): Promise<boolean> {
  if (store.outbox.pending().length === 0) return true;
  const problems = [...(await notifier.deliver(store))];
  if (problems.length > 0) record.add(problems);
  try {
    refreshStatusPage();
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    problems.push(error.toProblem());
  }
  logProblems(problems, log);
  return problems.length === 0;
}
