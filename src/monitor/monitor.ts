import type { Config } from '../config/load.ts';
import type { ExpectedError } from '../lib/errors.ts';
import { type ExitCode, exitCodes } from '../lib/exitCodes.ts';
import { UsageError } from '../lib/usageError.ts';
import { formatProblem, logProblem } from '../pipeline/problems.ts';
import type { Session } from '../pipeline/session.ts';
import { withStateLock } from '../pipeline/stateLock.ts';
import { loadTargets } from '../sources/targets/loadTargets.ts';
import type { Target } from '../sources/targets/target.ts';
import type { MonitorOptions } from './monitorOptions.ts';
import { createResultSink } from './resultSink.ts';
import { createTargetScheduler } from './targetScheduler.ts';
import { plannedSteps } from './watchTarget.ts';

/**
 * Measures all targets of a file (null: the file in the configuration) at their intervals until
 * SIGTERM or SIGINT. SIGHUP reads the file again. Throws a `UsageError` if the file is faulty at
 * the start.
 */
export function monitor(
  file: string | null,
  config: Config,
  options: MonitorOptions,
  session: Session,
): Promise<ExitCode> {
  const path = file ?? config.mtr.targetsFile;
  const { targets, faults } = loadTargets(path);
  if (faults.length > 0) throw new UsageError(exitCodes.configuration, faults);
  if (targets.every((target) => plannedSteps(target.monitor).size === 0)) throw noStepsError(path);
  const work = () => watchAll(path, targets, config, options, session);
  return withStateLock(config.state, session, work, 'monitor.lock');
}

function noStepsError(path: string): UsageError {
  const message = `${path}: no target has an interval`;
  const remedy = 'Set interval, ping_interval or scan_interval.';
  return new UsageError(exitCodes.configuration, [
    { kind: 'misconfigured', subject: path, message, remedy },
  ]);
}

/** How long to wait for the lock at the end; a service manager waits longer. */
const finalStoreWaitMs = 30_000;

/** Logs why results cannot be stored, once until the reason changes. */
function logDistinctErrors({ log }: Session): (error: ExpectedError, waiting: number) => void {
  let lastMessage: string | null = null;
  return (error, waiting) => {
    const message = formatProblem(error.toProblem());
    if (message !== lastMessage) log.error(message, { waiting });
    lastMessage = message;
  };
}

async function watchAll(
  path: string,
  targets: readonly Target[],
  config: Config,
  options: MonitorOptions,
  session: Session,
): Promise<ExitCode> {
  const sink = createResultSink(config.state, session, logDistinctErrors(session));
  const scheduler = createTargetScheduler(config, options, session, sink.put);
  scheduler.setTargets(targets);
  const reload = () => {
    const loaded = loadTargets(path);
    for (const fault of loaded.faults) logProblem(fault, session.log.error);
    if (loaded.faults.length > 0) session.log.error('keeping the previous targets');
    else scheduler.setTargets(loaded.targets);
  };
  process.on('SIGHUP', reload);
  // The reader of the output has closed the pipe.
  const stdoutClosed = new AbortController();
  process.stdout.once('error', () => stdoutClosed.abort());
  await scheduler.finish(AbortSignal.any([session.signal, stdoutClosed.signal]));
  process.off('SIGHUP', reload);
  const lostCount = await sink.finish(() => finalStoreWaitMs);
  if (lostCount === 0) return exitCodes.ok;
  session.log.error(`${lostCount} results could not be stored`);
  return exitCodes.partial;
}
