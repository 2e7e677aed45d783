import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/load.ts';
import { type ExitCode, exitCodes } from '../lib/exitCodes.ts';
import { UsageError } from '../lib/usageError.ts';
import type { Problem } from '../model/run/problem.ts';
import { reportDoubt, requireTrustedClock } from '../pipeline/clock/trustClock.ts';
import { lookUpInBackground } from '../pipeline/collect/backgroundLookup.ts';
import { localHostName } from '../pipeline/collect/ingest.ts';
import { logProblems, mergeAlike } from '../pipeline/problems.ts';
import type { Session } from '../pipeline/session.ts';
import { withStateLock, withStore } from '../pipeline/stateLock.ts';
import { type MeasuredRun, measureAll } from '../sources/mtr/measureTargets.ts';
import { loadTargets } from '../sources/targets/loadTargets.ts';
import type { Target } from '../sources/targets/target.ts';
import type { MeasureOptions } from './monitorOptions.ts';
import { createResultSink } from './resultSink.ts';

/**
 * Runs mtr once for each target of a file (null: the file in the configuration) and stores the
 * results. Throws a `UsageError` for a faulty file.
 */
export function measure(
  file: string | null,
  config: Config,
  options: MeasureOptions,
  session: Session,
): Promise<ExitCode> {
  const path = file ?? config.mtr.targetsFile;
  const { targets, faults } = loadTargets(path);
  if (faults.length > 0) throw new UsageError(exitCodes.configuration, faults);
  const work = async () => {
    if (await isClockInDoubt(config.state, session)) return exitCodes.failed;
    const summary = await measureTargets(targets, config, options, session);
    const problems = [...summary.problems, ...(await lookUpInBackground(config, session))];
    return report({ ...summary, problems }, session);
  };
  return withStateLock(config.state, session, work, lockName(path));
}

/** Whether the clock of this host is in doubt; says so once. */
async function isClockInDoubt(state: string, session: Session): Promise<boolean> {
  if (!existsSync(join(state, 'pstrace.db'))) return false;
  try {
    await withStore(state, session, 'read', async (store) =>
      requireTrustedClock(store, session.now),
    );
    return false;
  } catch (error) {
    if (reportDoubt(error, session)) return true;
    throw error;
  }
}

/** One lock per file, so that two processes measure at the same time only from different files. */
function lockName(file: string): string {
  return `mtr-${createHash('sha256').update(file).digest('hex').slice(0, 12)}.lock`;
}

/** The result of measuring all targets. */
interface MeasurementSummary {
  /** Number of runs with a trace. */
  readonly measured: number;
  /** Why the other runs failed. */
  readonly failures: readonly Problem[];
  /** Problems of storing the results. */
  readonly problems: readonly Problem[];
}

/** How long to wait for another process that holds the lock; most runs take less. */
const storeWaitMs = 900_000;
/** The same after a signal. */
const interruptedStoreWaitMs = 2000;

async function measureTargets(
  targets: readonly Target[],
  { state, mtr }: Config,
  options: MeasureOptions,
  session: Session,
): Promise<MeasurementSummary> {
  const display = session.progress.phase('targets', targets.length);
  const failures: Problem[] = [];
  let measured = 0;
  // If storing fails, there is no point in measuring on.
  const storeFailure = new AbortController();
  const sink = createResultSink(state, session, (error) => storeFailure.abort(error));
  const recordRuns = (runs: readonly MeasuredRun[]) => {
    sink.put(runs);
    failures.push(...runs.flatMap(({ problem }) => problem ?? []));
    measured += runs.filter(({ trace }) => trace !== null).length;
    display.advance();
  };
  const mtrOptions = {
    command: mtr.command,
    limitSeconds: options.limit ?? mtr.limitSeconds,
    parallel: options.parallel ?? mtr.parallel,
    source: localHostName(mtr),
    environment: session.env,
    signal: AbortSignal.any([session.signal, storeFailure.signal]),
    now: session.clock,
  };
  let lostCount = 0;
  try {
    await measureAll(targets, mtrOptions, recordRuns);
  } finally {
    lostCount = await sink.finish((reason) => {
      if (reason === 'failed') return 0;
      return session.signal.aborted ? interruptedStoreWaitMs : storeWaitMs;
    });
  }
  storeFailure.signal.throwIfAborted();
  return {
    measured,
    failures,
    problems: [...sink.problems, ...lostResultsProblems(lostCount, state)],
  };
}

function lostResultsProblems(lostCount: number, state: string): Problem[] {
  if (lostCount === 0) return [];
  const message = `another pstrace held the lock for too long; ${lostCount} results are lost`;
  return [{ kind: 'store', subject: state, message, remedy: 'Find out what it is waiting for.' }];
}

function report(
  { measured, failures, problems }: MeasurementSummary,
  { log, printIfInteractive }: Session,
): ExitCode {
  logProblems([...problems, ...mergeAlike(failures)], log);
  const failed = failures.length;
  log.info('targets measured', { measured, failed });
  printIfInteractive(`${measured} routes measured, ${failed} failed`);
  // A failed target is logged and stored. It must not stop a command after `&&` in a crontab.
  if (measured > 0) return problems.length === 0 ? exitCodes.ok : exitCodes.partial;
  log.error('no route could be measured');
  return exitCodes.failed;
}
