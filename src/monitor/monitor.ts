import type { Config } from '../config/load.ts';
import type { ExpectedError } from '../lib/errors.ts';
import { type ExitCode, exitCodes } from '../lib/exitCodes.ts';
import { UsageError } from '../lib/usageError.ts';
import { formatProblem } from '../pipeline/problems.ts';
import type { Session } from '../pipeline/session.ts';
import { withStateLock } from '../pipeline/stateLock.ts';
import { loadTargets } from '../sources/targets/loadTargets.ts';
import type { Target } from '../sources/targets/target.ts';
import type { MonitorOptions } from './monitorOptions.ts';
import { createResultSink } from './resultSink.ts';
import { createTargetScheduler } from './targetScheduler.ts';
import { plannedSteps } from './worker.ts';

/**
 * `pstrace monitor [FILE]`: watches all targets of a file, that of the configuration for null, until SIGTERM or SIGINT; SIGHUP
 * reads the file again. Throws a `Refusal` when anything is wrong with the file at the start.
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
  const message = `${path}: nothing is to be done with any target`;
  const remedy = 'Set interval, ping_interval or scan_interval.';
  return new UsageError(exitCodes.configuration, [
    { kind: 'misconfigured', subject: path, message, remedy },
  ]);
}

/** How long the end of the monitor waits for the store; shorter than a service manager waits for it. */
const finalStoreWaitMs = 30_000;

/** Tells why results cannot be stored, but not again as long as the reason stays. */
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
    for (const fault of loaded.faults) session.log.error(formatProblem(fault));
    if (loaded.faults.length > 0) session.log.error('the targets stay as they were');
    else scheduler.setTargets(loaded.targets);
  };
  process.on('SIGHUP', reload);
  // Nobody reads any more.
  const stdoutClosed = new AbortController();
  process.stdout.once('error', () => stdoutClosed.abort());
  await scheduler.finish(AbortSignal.any([session.signal, stdoutClosed.signal]));
  process.off('SIGHUP', reload);
  const lostCount = await sink.finish(() => finalStoreWaitMs);
  if (lostCount === 0) return exitCodes.ok;
  session.log.error(`${lostCount} results could not be stored`);
  return exitCodes.partial;
}
