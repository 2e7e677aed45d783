import type { Config } from '../config/load.ts';
import { type Deadline, startDeadline } from '../lib/deadline.ts';
import { ExpectedError } from '../lib/errors.ts';
import type { ExitCode } from '../lib/exitCodes.ts';
import type { Interval } from '../model/trace/trace.ts';
import type { AlertSettings } from '../notify/routing/alertSettings.ts';
import type { Store } from '../store/store.ts';
import { type ArchiveSource, connectionsOf } from './archiveSource.ts';
import { createNotifier, type Notifier } from './notify/notifier.ts';
import { noPages, RunRecord } from './runRecord.ts';
import type { Session } from './session.ts';
import { claimFolders, withStateLock, withStore } from './stateLock.ts';

/** The task of a run. */
export interface RunJob {
  /** Empty for a run without archives. */
  readonly archives: readonly ArchiveSource[];
  readonly window: Interval;
  /** Request the whole window again; absent for no. */
  readonly again?: boolean;
  readonly config: Config;
  /** null when the configuration has no recipient. */
  readonly alerts: AlertSettings | null;
}

/** The job, and the resources that all steps of a run share. */
export interface RunContext extends RunJob {
  readonly session: Session;
  /** The time for all that this run reads. Publishing and notifying come after it. */
  readonly deadline: Deadline;
  readonly store: Store;
  readonly record: RunRecord;
  readonly notifier: Notifier;
}

/**
 * Does work with the store of a job's state, as the user who owns state and site. The state stays
 * locked until the work calls `unlock`. Closes the archives of the job at the end.
 */
export async function withRunStore(
  { archives, config }: RunJob,
  session: Session,
  work: (store: Store, unlock: () => void) => Promise<ExitCode>,
): Promise<ExitCode> {
  try {
    claimFolders(config);
    return await withStateLock(config.state, session, (unlock) =>
      withStore(config.state, session, 'write', (store) => work(store, unlock)),
    );
  } finally {
    await Promise.all(archives.flatMap(connectionsOf).map((connection) => connection.close()));
  }
}

/**
 * Does the work of a run with a record of it in the store. Records an `ExpectedError` of the work
 * as a problem, if the record has begun, and throws it again.
 */
export async function recordRun(
  job: RunJob,
  session: Session,
  store: Store,
  work: (run: RunContext) => Promise<ExitCode>,
): Promise<ExitCode> {
  const notifier = createNotifier(job.config, job.alerts, session);
  const deadline = startDeadline(job.config.runLimitSeconds, session.signal);
  const record = new RunRecord(store, job.window, session);
  try {
    return await work({ ...job, session, deadline, store, record, notifier });
  } catch (error) {
    if (error instanceof ExpectedError && record.hasBegun) recordFailure(record, error);
    throw error;
  }
}

function recordFailure(record: RunRecord, error: ExpectedError): void {
  record.addProblems([error.toProblem()]);
  record.finish('ok', noPages);
}
