import type { Config } from '../config/load.ts';
import type { ExpectedError } from '../lib/errors.ts';
import { loadTargets } from '../sources/targets/load.ts';
import type { Target } from '../sources/targets/target.ts';
import { type ExitCode, exitCodes } from './exitCodes.ts';
import { createCrew } from './monitorCrew.ts';
import { stepsOf } from './monitorWorker.ts';
import type { MonitorOptions } from './options.ts';
import { sentence } from './problems.ts';
import { Refusal } from './refusal.ts';
import { createSink } from './resultSink.ts';
import type { Session } from './session.ts';
import { alone } from './state.ts';

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
  if (faults.length > 0) throw new Refusal(exitCodes.configuration, faults);
  if (targets.every((target) => stepsOf(target.monitor).size === 0)) throw nothingToDo(path);
  const work = () => watchAll(path, targets, config, options, session);
  return alone(config.state, session, work, 'monitor.lock');
}

function nothingToDo(path: string): Refusal {
  const message = `${path}: nothing is to be done with any target`;
  const remedy = 'Set interval, ping_interval or scan_interval.';
  return new Refusal(exitCodes.configuration, [
    { kind: 'misconfigured', subject: path, message, remedy },
  ]);
}

/** How long the end of the monitor waits for the store; shorter than a service manager waits for it. */
const lastPatienceMs = 30_000;

/** Tells why results cannot be stored, but not again as long as the reason stays. */
function tellOnce({ log }: Session): (error: ExpectedError, waiting: number) => void {
  let told: string | null = null;
  return (error, waiting) => {
    const message = sentence(error.toProblem());
    if (message !== told) log.error(message, { waiting });
    told = message;
  };
}

async function watchAll(
  path: string,
  targets: readonly Target[],
  config: Config,
  options: MonitorOptions,
  session: Session,
): Promise<ExitCode> {
  const sink = createSink(config.state, session, tellOnce(session));
  const crew = createCrew(config, options, session, sink.put);
  crew.watch(targets);
  const reload = () => {
    const loaded = loadTargets(path);
    for (const fault of loaded.faults) session.log.error(sentence(fault));
    if (loaded.faults.length > 0) session.log.error('the targets stay as they were');
    else crew.watch(loaded.targets);
  };
  process.on('SIGHUP', reload);
  // Nobody reads any more.
  const unread = new AbortController();
  process.stdout.once('error', () => unread.abort());
  await crew.end(AbortSignal.any([session.signal, unread.signal]));
  process.off('SIGHUP', reload);
  const lost = await sink.finish(() => lastPatienceMs);
  if (lost === 0) return exitCodes.good;
  session.log.error(`${lost} results could not be stored`);
  return exitCodes.problems;
}
